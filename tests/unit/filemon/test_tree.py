"""The tree against a model that knows nothing but full paths."""

import gc

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from jcode_watcher.filemon.tree import NOBODY, File, Folder, Tree

NAMES = st.sampled_from([b"a", b"b", b"c", b"d"])


class TreeAgainstPaths(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.tree = Tree(b"root", lambda _: False)
        self.folders: dict[bytes, bytes] = {}
        self.files: dict[bytes, bytes] = {}
        self.made = 0

    def key(self) -> bytes:
        self.made += 1
        return b"key%d" % self.made

    def free(self, path: bytes) -> bool:
        return path not in self.folders.values() and path not in self.files

    def folder(self, data: st.DataObject) -> Folder:
        key = data.draw(st.sampled_from([b"root", *self.folders]))
        found = self.tree.folder(key)
        assert found is not None
        return found

    @rule(data=st.data(), name=NAMES)
    def add_folder(self, data: st.DataObject, name: bytes) -> None:
        parent = self.folder(data)
        if self.free(parent.path_of(name)):
            key = self.key()
            self.tree.add_folder(parent, name, key)
            self.folders[key] = parent.path_of(name)

    @rule(data=st.data(), name=NAMES)
    def add_file(self, data: st.DataObject, name: bytes) -> None:
        parent = self.folder(data)
        if self.free(parent.path_of(name)):
            key = self.key()
            self.tree.add_file(parent, name, key)
            self.files[parent.path_of(name)] = key

    @precondition(lambda self: self.folders)
    @rule(data=st.data(), name=NAMES)
    def move_folder(self, data: st.DataObject, name: bytes) -> None:
        moved = self.tree.folder(data.draw(st.sampled_from(list(self.folders))))
        assert moved is not None
        parent = self.folder(data)
        was, will_be = moved.path, parent.path_of(name)
        if self.free(will_be) and not (will_be + b"/").startswith(was + b"/"):
            self.tree.move_folder(moved, parent, name)
            self.rebase({was: will_be})

    @precondition(lambda self: len(self.folders) > 1)
    @rule(data=st.data())
    def swap_folders(self, data: st.DataObject) -> None:
        one, other = (self.tree.folder(data.draw(st.sampled_from(list(self.folders)))) for _ in range(2))
        assert one is not None
        assert other is not None
        a, b = one.path, other.path
        if not (a + b"/").startswith(b + b"/") and not (b + b"/").startswith(a + b"/"):
            self.tree.swap_folders(one, other)
            self.rebase({a: b, b: a})

    @precondition(lambda self: self.folders)
    @rule(data=st.data())
    def forget_folder(self, data: st.DataObject) -> None:
        gone = self.tree.folder(data.draw(st.sampled_from(list(self.folders))))
        assert gone is not None
        path = gone.path + b"/"
        self.tree.forget_folder(gone)
        self.folders = {k: p for k, p in self.folders.items() if not (p + b"/").startswith(path)}
        self.files = {p: k for p, k in self.files.items() if not p.startswith(path)}

    @precondition(lambda self: self.files)
    @rule(data=st.data(), name=NAMES)
    def move_file(self, data: st.DataObject, name: bytes) -> None:
        path = data.draw(st.sampled_from(list(self.files)))
        file = self.tree.file_by_path(path)
        assert file is not None
        parent = self.folder(data)
        if self.free(parent.path_of(name)):
            self.tree.move_file(file, parent, name)
            self.files[parent.path_of(name)] = self.files.pop(path)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def another_file_takes_a_name(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(list(self.files)))
        file = self.tree.file_by_path(path)
        assert file is not None
        self.files[path] = data.draw(st.sampled_from([self.key(), NOBODY, *self.files.values()]))
        self.tree.rekey_file(file, self.files[path])

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def forget_file(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(list(self.files)))
        file = self.tree.file_by_path(path)
        assert file is not None
        self.tree.forget_file(file)
        del self.files[path]

    def rebase(self, places: dict[bytes, bytes]) -> None:
        def rebased(path: bytes) -> bytes:
            for was, will_be in places.items():
                if (path + b"/").startswith(was + b"/"):
                    return will_be + path[len(was) :]
            return path

        self.folders = {k: rebased(p) for k, p in self.folders.items()}
        self.files = {rebased(p): k for p, k in self.files.items()}

    @invariant()
    def every_path_and_key_is_as_in_the_model(self) -> None:
        below = list(self.tree.folders_under(self.tree.root))
        assert {f.key: f.path for f in below} == self.folders
        assert len(self.tree) == len(self.folders) + 1
        files = list(self.tree.files_under(self.tree.root))
        assert {f.path: f.key for f in files} == self.files
        assert self.tree.file_count == len(self.files)
        for key in {k for k in self.files.values() if k != NOBODY}:
            assert {f.path for f in self.tree.names[key]} == {p for p, k in self.files.items() if k == key}


TestTreeAgainstPaths = TreeAgainstPaths.TestCase
TestTreeAgainstPaths.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_moved_folder_is_pruned_or_not_as_its_new_path_says() -> None:
    tree = Tree(b"root", lambda path: path.endswith(b"node_modules"))
    folder = tree.add_folder(tree.root, b"node_modules", b"1")
    assert folder.pruned
    tree.move_folder(folder, tree.root, b"src")
    assert not folder.pruned


def test_a_name_that_nobody_bears_belongs_to_no_file() -> None:
    tree = Tree(b"root", lambda _: False)
    file = tree.add_file(tree.root, b"a.c", b"1")
    tree.rekey_file(file, NOBODY)
    assert tree.names[NOBODY] == ()
    assert tree.names[b"1"] == ()


def test_what_a_forgotten_folder_held_is_freed_though_no_garbage_is_collected() -> None:
    tree = Tree(b"root", lambda _: False)
    outer = tree.add_folder(tree.root, b"a", b"outer")
    inner = tree.add_folder(outer, b"b", b"inner")
    tree.add_file(inner, b"c.c", b"file")
    gc.disable()
    try:
        tree.forget_folder(outer)
        del outer, inner
        left = [thing.key for thing in gc.get_objects() if isinstance(thing, File | Folder)]
    finally:
        gc.enable()
    assert not {b"outer", b"inner", b"file"} & set(left)
