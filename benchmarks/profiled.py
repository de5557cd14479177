"""`tijori serve`, which records its costs between SIGUSR1 and SIGUSR2 and then writes them to the file given."""

import json
import signal
import sys
from contextlib import suppress
from pathlib import Path

from benchmarks.costs import Recorder
from server.run import serve
from server.settings import load


def main(answer: Path) -> None:
    """Until SIGINT."""
    recorder = Recorder()

    def write() -> None:
        draft = answer.with_suffix(".new")
        draft.write_text(json.dumps(recorder.stop()))
        draft.rename(answer)

    signal.signal(signal.SIGUSR1, lambda *_: recorder.start())
    signal.signal(signal.SIGUSR2, lambda *_: write())
    with suppress(KeyboardInterrupt):
        serve(load())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
