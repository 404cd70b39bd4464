from random import Random

from hypothesis import given
from hypothesis import strategies as st

from jcode_watcher.agent.classifying.driver_line import read_driver_line
from jcode_watcher.agent.classifying.driver_options import TAKES_VALUE

names = st.from_regex(rb"[a-z][a-z0-9_]{0,8}", fullmatch=True)
flags = st.sampled_from([b"-Wall", b"-O2", b"-g", b"-std=c11", b"-fPIC", b"-Iinclude", b"-DX=1", b"-lm"])
pairs = st.tuples(st.sampled_from(sorted(TAKES_VALUE)), st.just(b"value.c"))


@given(
    st.lists(names.map(lambda name: name + b".c"), min_size=1, max_size=5),
    st.lists(flags | pairs, max_size=8),
    st.randoms(use_true_random=False),
)
def test_sources_and_options_are_told_apart_in_any_order(
    sources: list[bytes], options: list[bytes | tuple[bytes, bytes]], random: Random
) -> None:
    words = [*((source,) for source in sources), *(o if isinstance(o, tuple) else (o,) for o in options)]
    random.shuffle(words)

    line = read_driver_line([part for word in words for part in word])

    assert sorted(source.path for source in line.sources) == sorted(sources)
    assert line.outputs == (b"a.out",)
    assert sorted(line.options) == sorted(p for o in options for p in (o if isinstance(o, tuple) else (o,)))


@given(st.lists(st.binary(max_size=12), max_size=12))
def test_no_command_line_whatever_raises(arguments: list[bytes]) -> None:
    line = read_driver_line(arguments)

    assert line.stage in {"check", "preprocess", "assembly", "object", "link"}
    assert isinstance(line.outputs, tuple)
