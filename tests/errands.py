"""Tasks that only tests ask for. What they do is told by a list, or by files: some run in
processes that are killed."""

import os
import signal
import time
from uuid import UUID

from common import tasks
from members import sms

done: list[int] = []
DETAIL = "DETAIL: Key (name, phone)=(张三, 13912345678)"


@tasks.task(title="记下一个编号")
def note(key: int) -> None:
    done.append(key)


@tasks.task(title="总是失败")
def fail(key: int) -> None:
    done.append(key)
    raise LookupError(f"no row\n{DETAIL}")


@tasks.task(title="中断进程")
def die(key: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@tasks.task(title="太慢", seconds=1, queue_name=tasks.LONG)
def dawdle(key: int) -> None:
    time.sleep(600)


@tasks.task(title="发一条短信")
def text(key: int) -> None:
    """To the gateway, under a key that it knows again."""
    said = sms.Text(key=UUID(int=key), to="+8613912345678", text="您好")
    if sms.deliver(said) != "sent":
        raise OSError("not sent")
