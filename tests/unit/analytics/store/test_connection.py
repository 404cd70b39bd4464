from jcode_watcher.analytics.store.connection import escaped, json_list


def test_parameters_are_escaped_as_the_engine_reads_them() -> None:
    assert escaped({"path": "a\tb\nc\\N'", "time": 7}) == {"path": "a\\tb\\nc\\\\N'", "time": "7"}


def test_a_list_travels_as_json() -> None:
    assert json_list(["a'b", 'c"d', "e\\"]) == r'["a\'b","c\"d","e\\"]'.replace(r"\'", "'")
