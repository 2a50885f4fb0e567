"""rknn-cdi remove takes away what write wrote, and minds nothing that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unit.cdi_roots import HEADLESS

if TYPE_CHECKING:
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_fixtures"]


def test_both_are_gone_and_others_stay(machine: Machine) -> None:
    machine.has(HEADLESS).spec()
    other = machine.output.with_name("example.com-gpu.json")
    other.write_text("{}\n")
    outcome = machine.run("remove", *machine.places)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", ""), outcome
    assert [path.exists() for path in (machine.output, machine.soc_copy)] == [False, False]
    assert other.exists()


def test_nothing_there(machine: Machine) -> None:
    outcome = machine.run("remove", *machine.places)
    assert (outcome.status, outcome.err) == (0, ""), outcome


def test_a_link_goes_and_what_it_leads_to_stays(machine: Machine) -> None:
    machine.output.parent.mkdir()
    other = machine.output.with_name("other")
    other.touch()
    machine.output.symlink_to(other)
    assert machine.run("remove", *machine.places).status == 0
    assert (machine.output.is_symlink(), other.exists()) == (False, True)


def test_a_folder_is_left_and_named_and_the_other_file_removed(machine: Machine) -> None:
    machine.output.mkdir(parents=True)
    machine.soc_copy.parent.mkdir()
    machine.soc_copy.touch()
    outcome = machine.run("remove", *machine.places)
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert outcome.err.startswith(f"rknn-cdi: {machine.output}: "), outcome
    assert not machine.soc_copy.exists()
