"""What mutation testing changes, beyond the operators that come with cosmic-ray.

Those know operators, comparisons and numbers. A label file is strings, names and rows, so the
operators here change each figure, word, action, section, link and date that stands in one.
Each has the two methods that cosmic-ray asks of an operator.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from parso.python import tree

# Words on which the meaning of a sentence turns, and what each becomes; "" takes the word away.
TURNING = {
    "not": "", "no": "", "nothing": "something", "without": "with", "with": "without",
    "unless": "if", "only": "", "never": "always", "before": "after", "after": "before",
    "during": "after", "until": "after", "under": "over", "over": "under", "above": "below",
    "below": "above", "less": "more", "more": "less", "longer": "shorter", "least": "most",
    "most": "least", "lower": "raise", "raise": "lower", "low": "high", "strong": "weak",
    "moderate": "strong", "may": "must", "can": "cannot", "avoid": "use", "avoided": "used",
    "off": "on", "out": "in", "active": "past", "latent": "past", "oral": "topical",
    "first": "last", "last": "first", "consider": "begin", "stop": "start", "is": "is not",
    "are": "are not", "Do": "Always", "Avoid": "Use", "Consider": "Begin",
    "Discontinue": "Continue",
    "discontinue": "continue", "interrupt": "continue", "Inform": "Examine", "Examine": "Inform",
    "and": "or", "or": "and", "all": "some", "every": "no", "each": "no", "few": "many",
    "current": "former", "past": "future", "earlier": "later", "silent": "clear",
}  # fmt: skip
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min", "ceil": "floor",
           "sorted": "list"}  # fmt: skip
CLAUSE = re.compile(r"[^.;:,()]+[.;:,()]*\s*")
WORD = re.compile(r"(?<![\w{-])([A-Za-z]+)(?![\w}-])")
FIGURE = re.compile(r"\d+(?![^{]*\})")


class Change(NamedTuple):
    """One way to change a node: its kind and the node that takes its place."""

    kind: str
    make: Callable[[Any], Any]


class Scope(NamedTuple):
    """What the operators know of the file: constants by name, and families of words."""

    constants: dict[str, str | int]
    families: tuple[tuple[str, ...], ...]
    is_data: bool


def literals_in(path: Path) -> tuple[dict[str, str | int], tuple[tuple[str, ...], ...]]:
    """The constants that a module assigns, and the words of each of its `Literal` types."""
    constants: dict[str, str | int] = {}
    families = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            words = [word.value for word in ast.walk(node.slice) if isinstance(word, ast.Constant)]
            families.append(tuple(str(word) for word in words))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and isinstance(node.value.value, str | int):
                constants[target.id] = node.value.value
    return constants, tuple(families)


@cache
def scope_of(path: Path, package: Path) -> Scope:
    """What stands in `path` and in the modules that every label is made of."""
    constants: dict[str, str | int] = {}
    families: tuple[tuple[str, ...], ...] = ()
    for module in (package / "answers.py", package / "labels" / "model.py", path):
        found, words = literals_in(module)
        constants |= found
        families += words
    return Scope(constants, families, path.parent.name == "labels" or path.name == "figures.py")


def changes_of(node: Any, scope: Scope) -> Iterator[Change]:
    """Each way to change one node of the tree."""
    if node.type in ("string", "fstring_string"):
        yield from _of_text(node, scope)
    elif node.type == "name":
        yield from _of_name(node, scope)
    elif node.type == "keyword" and node.value == "None" and scope.is_data:
        if node.parent.type != "comparison":
            yield Change("value", partial(_leaf, value="1"))
    elif node.type == "atom":
        yield from _of_rows(node)
    elif node.type == "arglist":
        yield from _of_arguments(node)
    elif node.type in ("comp_if", "old_comp_if"):
        yield Change("negate", _negated)
    elif node.type == "operator" and node.value == ")" and scope.is_data:
        yield from _of_provision(node)


class Operators:
    """The changes of this file, as one operator of cosmic-ray for the file `path`."""

    def __init__(self, path: Path, package: Path) -> None:
        self.scope = scope_of(path, package)
        self.kind = ""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """A place for each change; cosmic-ray counts them."""
        for _ in changes_of(node, self.scope):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """The node after its change number `index`."""
        change = list(changes_of(node, self.scope))[index]
        self.kind = change.kind
        return change.make(node)


def _leaf(leaf: Any, value: str) -> Any:
    return type(leaf)(value, leaf.start_pos, prefix=leaf.prefix)


def _of_text(node: Any, scope: Scope) -> Iterator[Change]:
    opening, text, closing = _parts(node)
    for kind, changed in _changed_texts(text, scope, within=node.type == "fstring_string"):
        if changed != text:
            yield Change(kind, partial(_leaf, value=f"{opening}{changed}{closing}"))


def _parts(node: Any) -> tuple[str, str, str]:
    if node.type == "fstring_string":
        return "", node.value, ""
    found = re.fullmatch(
        r"([A-Za-z]*(?:'''|\"\"\"|'|\"))(.*?)('''|\"\"\"|'|\")", node.value, re.DOTALL
    )
    assert found is not None
    return found[1], found[2], found[3]


def _changed_texts(text: str, scope: Scope, *, within: bool) -> Iterator[tuple[str, str]]:
    if not text:
        yield "value", "x"
        return
    if not within and " " in text.strip():
        yield "value", ""
    for figure in FIGURE.finditer(text):
        last = str((int(figure[0][-1]) + 1) % 10)
        yield "figure", text[: figure.end() - 1] + last + text[figure.end() :]
    for family in scope.families:
        if text in family and len(family) > 1:
            at = family.index(text)
            yield "word", family[at - 1]
            yield "word", family[(at + 1) % len(family)]
    if " " not in text.strip():
        if not FIGURE.search(text) and not within:
            yield "value", text + "x"
        return
    yield from _changed_sentences(text)


def _changed_sentences(text: str) -> Iterator[tuple[str, str]]:
    """The text without one of its clauses, or with one turning word changed."""
    clauses = [clause.span() for clause in CLAUSE.finditer(text)]
    for start, end in clauses if len(clauses) > 1 else ():
        if re.search(r"\w", text[start:end]) and "{" not in text[start:end]:
            yield "clause", text[:start] + text[end:]
    for word in WORD.finditer(text):
        if word[0] in TURNING:
            left, right = text[: word.start()], text[word.end() :]
            to = TURNING[word[0]]
            yield "word", left + to + (right if to else right.removeprefix(" "))


def _of_name(node: Any, scope: Scope) -> Iterator[Change]:
    if node.value in SWAPPED and node.get_next_leaf().value == "(":
        yield Change("function", partial(_leaf, value=SWAPPED[node.value]))
    value = scope.constants.get(node.value)
    if not scope.is_data or value is None or node.is_definition(include_setitem=True):
        return
    if isinstance(value, int):
        others = [str(value + 1), str(value - 1)]
    else:
        family = next((words for words in scope.families if value in words), None)
        listed = family or tuple(
            other for other in scope.constants.values() if isinstance(other, str)
        )
        at = listed.index(value)
        others = [repr(listed[at - 1]), repr(listed[(at + 1) % len(listed)])]
    for other in dict.fromkeys(others):
        if node.get_previous_leaf().value == "{":
            other = f"({other})"  # noqa: PLW2901 - inside an f-string
        yield Change("constant", partial(_leaf, value=other))


def _elements(children: list[Any]) -> list[list[Any]]:
    """Children between commas, each with the comma that follows it."""
    found: list[list[Any]] = [[]]
    for child in children:
        found[-1].append(child)
        if child.type == "operator" and child.value == ",":
            found.append([])
    return [element for element in found if element]


def _of_rows(node: Any) -> Iterator[Change]:
    """A tuple, list, set or dictionary that is written out, without one of its elements."""
    if len(node.children) != 3 or node.children[1].type not in ("testlist_comp", "dictorsetmaker"):  # noqa: PLR2004
        return
    inner = node.children[1]
    if any(child.type in ("comp_for", "sync_comp_for") for child in inner.children):
        return
    for index in range(len(_elements(inner.children))):
        yield Change("row", partial(_without, at=index))


def _without(node: Any, at: int) -> Any:
    elements = _elements(node.children[1].children)
    kept = [list(element) for index, element in enumerate(elements) if index != at]
    if node.children[0].value == "(" and len(kept) == 1 and kept[0][-1].type != "operator":
        kept[0].append(tree.Operator(",", kept[0][-1].end_pos))
    node.children[1].children = [child for element in kept for child in element]
    return node


def _of_arguments(node: Any) -> Iterator[Change]:
    """A call without one of the arguments that have a name: those that may be left out."""
    if node.parent.type != "trailer":
        return
    for index, element in enumerate(_elements(node.children)):
        if element[0].type == "argument" and element[0].children[0].type == "name":
            yield Change("argument", partial(_fewer, at=index))


def _fewer(node: Any, at: int) -> Any:
    elements = _elements(node.children)
    node.children = [child for i, part in enumerate(elements) if i != at for child in part]
    return node


def _negated(node: Any) -> Any:
    condition = node.children[1].get_code()
    node.children[1] = tree.Name(f" not ({condition.strip()})", node.children[1].start_pos)
    return node


def _of_provision(node: Any) -> Iterator[Change]:
    """A provision that holds for every patient where it did not, or the other way round."""
    call = node.parent.parent if node.parent and node.parent.type == "trailer" else None
    if call is None or call.type not in ("atom_expr", "power"):
        return
    name = getattr(call.children[0], "value", "")
    if call.children[1] is not node.parent or name not in ("Provision", "same"):
        return
    if name == "Provision" and "for_all" not in call.get_code():
        yield Change("row", partial(_leaf, value=")._replace(for_all=True)"))
    elif name == "same":
        topic = node.parent.children[1].get_first_leaf().value
        turned = f")._replace(for_all=not eu.LABEL.on({topic}).for_all)"
        yield Change("row", partial(_leaf, value=turned))
