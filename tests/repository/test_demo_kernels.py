"""Claims about the programs behind the demo's pages: they end when they take too much, others go on."""

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from places import ROOT

PATIENCE = 120  # seconds; other tests may keep every core busy
HOLDS = "held = b'1' * 300_000_000"


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import demo_kernels

    yield demo_kernels
    sys.modules.pop("demo_kernels")


async def run(manager: Any, kernel_id: str, code: str) -> Any:
    """Asks a kernel to run code, without waiting for the answer."""
    client = manager.get_kernel(kernel_id).client()
    manager.clients.append(client)
    client.start_channels()
    await client.wait_for_ready(timeout=PATIENCE)
    client.execute(code)
    return client


async def gone(manager: Any, kernel_id: str) -> None:
    end = time.monotonic() + PATIENCE
    while kernel_id in manager:
        assert time.monotonic() < end, "it goes on for ever"
        await asyncio.sleep(0.1)


async def answered(client: Any, wanted: str) -> Any:
    """The content of the next message of a type."""
    while True:
        message = await client.get_iopub_msg(timeout=PATIENCE)
        if message["msg_type"] == wanted:
            return message["content"]


def with_manager(kernels: Any, test: Callable[[Any], Any], **limits: object) -> None:
    async def whole() -> None:
        manager = kernels.DemoKernels(**limits)
        manager.clients = []
        try:
            await test(manager)
        finally:
            for client in manager.clients:
                client.stop_channels()
            await manager.shutdown_all(now=True)

    asyncio.run(whole())


def test_a_program_that_computes_without_end_is_ended_and_another_goes_on(kernels: Any) -> None:
    async def test(manager: Any) -> None:
        hangs, waits = [await manager.start_kernel() for _ in range(2)]
        await run(manager, hangs, "while True: pass")
        await run(manager, waits, "import time; time.sleep(1000)")  # takes no processor
        await gone(manager, hangs)
        assert waits in manager

    with_manager(kernels, test, seconds=1.0, interval=0.2)


def test_a_program_that_outgrows_its_memory_gets_an_error_and_goes_on(kernels: Any) -> None:
    async def test(manager: Any) -> None:
        kernel_id = await manager.start_kernel()
        client = await run(manager, kernel_id, "held = bytearray(3_000_000_000)")
        assert (await answered(client, "error"))["ename"] == "MemoryError"
        while (await answered(client, "status"))["execution_state"] != "idle":
            pass  # what is asked before that is dropped after an error
        client.execute("print('still here')")
        assert (await answered(client, "stream"))["text"] == "still here\n"

    with_manager(kernels, test, memory=1_500_000_000)


def test_a_program_that_holds_too_much_all_the_same_is_ended(kernels: Any) -> None:
    async def test(manager: Any) -> None:
        kernel_id = await manager.start_kernel()
        client = await run(manager, kernel_id, HOLDS + "; print('held')")
        assert (await answered(client, "stream"))["text"] == "held\n"
        manager.memory = 250_000_000
        await gone(manager, kernel_id)

    with_manager(kernels, test, interval=0.2)


def test_there_are_no_more_than_allowed_even_if_all_come_at_once(kernels: Any) -> None:
    async def test(manager: Any) -> None:
        started = await asyncio.gather(*(manager.start_kernel() for _ in range(4)), return_exceptions=True)
        assert [isinstance(one, kernels.Full) for one in started] == [False, False, True, True]
        await manager.shutdown_kernel(started[0])
        assert await manager.start_kernel() in manager

    with_manager(kernels, test, most=2)


def test_how_many_there_may_be_follows_from_the_memory(kernels: Any) -> None:
    assert 2 <= kernels.DemoKernels().most <= 40
