"""The programs behind the demo's pages: not too many, and none that takes the computer for itself.

Named by `tools/demo.py`; Voilà has no such limits. Another number: `make demo
DEMO_ARGS="--DemoKernels.most=10"`.
"""

import os
from typing import Any

import psutil
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import PeriodicCallback
from traitlets import Float, Int, default

PAGE_MEMORY = 250_000_000  # bytes for one page of many; 224 MB were measured


class Full(Exception):
    """There are as many pages as this computer shall carry."""


class DemoKernels(AsyncMappingKernelManager):
    """Refuses one page too many, and ends a program that outgrows its memory or never comes back."""

    most = Int(min=1, config=True, help="Pages at once.")
    memory = Int(1_500_000_000, config=True, help="Bytes in memory after which a program is ended.")
    seconds = Float(60.0, config=True, help="Seconds of processor time for one request of a page.")
    interval = Float(2.0, config=True, help="Seconds between two looks at the programs.")

    @default("most")
    def _as_memory_allows(self) -> int:
        return max(2, min(40, int(0.75 * psutil.virtual_memory().total / PAGE_MEMORY)))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._requests: dict[str, tuple[object, float]] = {}  # kernel -> since when busy, processor time then
        self._watch = PeriodicCallback(self.look, 1000 * self.interval)

    def check_room(self) -> None:
        """Raises ``Full`` when one more would be too many."""
        if len(set(self._kernels) | set(self._pending_kernels)) >= self.most:
            raise Full

    async def _async_start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        self.check_room()
        if os.name == "posix":
            kwargs["preexec_fn"] = self._limit
        self._watch.start()
        return await super()._async_start_kernel(**kwargs)

    start_kernel = _async_start_kernel  # type: ignore[assignment]

    async def shutdown_all(self, now: bool = False) -> None:
        """Also ends the watch."""
        self._watch.stop()
        await super().shutdown_all(now=now)

    def _limit(self) -> None:
        """In the new process: an allocation beyond the limit fails there, with an error on the page."""
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (self.memory, self.memory))

    async def look(self) -> None:
        """Ends the programs that take too much."""
        for kernel_id in list(self._kernels):
            if reason := self._excess(kernel_id):
                self.log.warning("Kernel shutdown: %s, because %s", kernel_id, reason)
                self._requests.pop(kernel_id, None)
                await self.shutdown_kernel(kernel_id, now=True)
        self._requests = {one: since for one, since in self._requests.items() if one in self._kernels}

    def _excess(self, kernel_id: str) -> str:
        kernel: Any = self._kernels[kernel_id]
        try:
            process = psutil.Process(kernel.provisioner.pid)
            used, spent = process.memory_info().rss, sum(process.cpu_times()[:2])
        except (psutil.Error, AttributeError):  # it has just ended, or not begun
            return ""
        if used > self.memory:
            return f"it holds {used / 1e6:,.0f} MB; {self.memory / 1e6:,.0f} are allowed"
        if getattr(kernel, "execution_state", "") != "busy":
            self._requests.pop(kernel_id, None)
            return ""
        since, before = self._requests.setdefault(kernel_id, (kernel.last_activity, spent))
        if since != kernel.last_activity:  # a message came: another request, or news of this one
            self._requests[kernel_id] = (kernel.last_activity, spent)
        elif spent - before > self.seconds:
            return f"it computed for {spent - before:.0f} seconds without a word"
        return ""
