from starlette.routing import Mount, Route, WebSocketRoute

from jcode_watcher.analytics.api.openapi import document
from jcode_watcher.analytics.app import routes


def test_every_route_is_documented_and_every_documented_route_exists() -> None:
    served = set()
    for route in routes():
        if isinstance(route, Route) and route.path != "/":
            served |= {(route.path, m.lower()) for m in route.methods or () if m != "HEAD"}
        elif isinstance(route, WebSocketRoute):
            served.add((route.path, "get"))
        else:
            assert isinstance(route, Route | Mount)
    documented = {(path, method) for path, methods in document()["paths"].items() for method in methods}
    assert documented == served


def test_every_reference_leads_somewhere() -> None:
    described = document()

    def references(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set[str]().union(*map(references, node)) if isinstance(node, list) else set()

    for reference in references(described):
        found = described
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_every_operation_says_who_may_ask_and_what_it_does() -> None:
    for methods in document()["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert "security" in operation
            assert operation["responses"]


def test_path_parameters_are_described() -> None:
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            inside = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert all(f"{{{name}}}" in path for name in inside)
            assert path.count("{") == len(inside)
