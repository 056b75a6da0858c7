"""Serves the demonstrations in `demo/` to this computer: `make demo`.

Voilà runs each notebook and shows only its outputs. On its own it asks for no token; here it
does. Whoever has the token can run programs as you, so give it to nobody you would not lend
this computer to. Arguments are passed on to Voilà: `make demo DEMO_ARGS="--port=9000 --no-browser"`.
`STABLEGEN_MODEL=my_faces make demo` explores a model of your own, saved with `model.save("my_faces")`.
"""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds for a start; when a class comes at once, Voilà's four would leave pages empty
IDLE = 600  # seconds after which a kernel whose page is gone is stopped
FULL = "full.html"  # beside the other pages in demo_templates


def arguments(given: list[str]) -> list[str]:
    """What Voilà is started with: our settings, but where ``given`` has another one, that."""
    ours = [
        "--template=stablegen",
        "--classic-tree",
        "--Voila.ip=127.0.0.1",
        "--Voila.auto_token=True",
        "--show_tracebacks=False",
        "--strip_sources=True",
        f"--VoilaExecutor.startup_timeout={PATIENCE}",
        f"--VoilaExecutor.iopub_timeout={PATIENCE}",
        "--VoilaConfiguration.multi_kernel_manager_class=demo_kernels.DemoKernels",
        f"--MappingKernelManager.cull_idle_timeout={IDLE}",
        f"--MappingKernelManager.cull_interval={IDLE // 10}",
        "--VoilaConfiguration.file_allowlist=nothing",
    ]
    named = {argument.partition("=")[0] for argument in given}
    return [str(ROOT / "demo"), *(one for one in ours if one.partition("=")[0] not in named), *given]


def main() -> None:
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [str(ROOT / "tools" / "demo_templates"), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    )
    if model := os.environ.get("STABLEGEN_MODEL"):
        os.environ["STABLEGEN_MODEL"] = str(Path(model).resolve())  # the pages run in demo/
    # With many visitors, several threads for each would only wait for each other (docs/decisions.md).
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _server().launch_instance(arguments(sys.argv[1:]))


def _is_this_computer(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _server() -> Any:
    """Voilà, never without a token, and with the pages of `_pages`."""
    from voila.app import Voila  # reads JUPYTER_PATH when it is imported
    from voila.tornado.handler import TornadoVoilaHandler

    ours = _pages(TornadoVoilaHandler)

    class Demo(Voila):
        def init_settings(self) -> Any:
            """A request must name this computer: a page elsewhere whose name leads here is refused."""
            return {**super().init_settings(), "allow_remote_access": not _is_this_computer(self.ip)}

        def init_handlers(self) -> Any:
            if not self.identity_provider.token:
                sys.exit("StableGen: the demo needs a token. Leave --token and --Voila.auto_token alone.")
            return [
                (url, ours.get(handler, handler), *rest) for url, handler, *rest in super().init_handlers()
            ]

    return Demo


def _pages(ordinary: Any) -> dict[Any, Any]:
    """What is served in place of Voilà's own: a page, which ends its kernel, and logging out.

    A closing page sends back the `_xsrf` cookie. Voilà sets it on the list of notebooks only: a page
    opened by its own address would leave its kernel behind (voila-dashboards/voila, issue 1458).
    """
    from demo_kernels import Full
    from jupyter_server.auth.decorator import allow_unauthenticated
    from jupyter_server.auth.logout import LogoutHandler

    class Page(ordinary):  # type: ignore[misc]
        async def get(self, path: Any = None) -> None:
            if self.current_user:  # others are refused by the next lines
                _ = self.xsrf_token  # reading it sets the cookie
            try:
                await super().get(path)
            except Full:  # before the first word was sent
                self.set_status(503)
                self.set_header("Retry-After", "60")
                self.finish(self.render_template(FULL, most=self.kernel_manager.most))

    class Logout(LogoutHandler):
        """The page that Jupyter shows here needs files that Voilà has not."""

        @allow_unauthenticated
        def get(self) -> None:
            self.identity_provider.clear_login_cookie(self)
            self.redirect(self.base_url)

    return {ordinary: Page, LogoutHandler: Logout}


if __name__ == "__main__":
    main()
