"""A witness is erased: nothing that is left opens anything of theirs, and nobody is told so too early."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.door import entering
from accounts.vocabulary import OwedState, Role
from audit.comparing import compare_rows
from audit.verifying import verify
from audit.vocabulary import Kind
from cases.actions.holds import place_hold
from cases.models import Draft, SavedView
from cases.vocabulary import MemberRole
from evidence.models import (
    Upload,
)
from exports.actions import shredding
from exports.errors import ConsentStands, ErasedBefore, ErasureByTwo, UnderHold
from exports.models import Destruction, ErasureJob, Export
from exports.printing.paper import day
from exports.vocabulary import DestructionState, ExportState
from tests import factories
from tests.exports.erasing import CANARY, OTHERS, Scene, dump, keystore, opened
from tests.exports.worlds import World
from tests.personas import make_person, signed_in
from tests.vault.transit import TOKEN, Transit, serving
from vault.errors import DestroyedKey, UnknownKey, VaultError
from vault.files import open_file, stores
from vault.keys import epoch, held, rotation, wrapping
from vault.keys.providers import KeyFile
from vault.keys.ring import Ring
from vault.keys.shredding import turn_past
from vault.models import DestroyedKey as DestroyedRow
from vault.models import KeystoreKey, StoredFile
from vault.opening import open_row
from vault.scopes import Scope
from vault.stepping import Guarded, stepping_into
from vault.vocabulary import Purpose


class Killed(BaseException):
    """The process ends here: no handler of ours catches it."""


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Root and epoch of this test alone: other workers share those of the run."""
    shutil.copy(settings.ROOT_KEY_FILE, tmp_path / "root.key")
    shutil.copy(settings.EPOCH_KEY_FILE, tmp_path / "epoch.key")
    settings.EPOCH_KEY_FILE = tmp_path / "epoch.key"
    with held.using(KeyFile(tmp_path / "root.key")):
        yield


def test_two_people_are_needed_and_what_stands_is_not_erased(scene: Scene) -> None:
    world = scene.world
    with pytest.raises(ConsentStands), entering(scene.custodian, "test"):
        shredding.ask_erasure(by=scene.custodian, witness=scene.witness, reason="On their word")
    world.withdraw()
    row = scene.ask()
    with pytest.raises(ErasedBefore):
        scene.ask()
    with pytest.raises(ErasureByTwo), entering(scene.custodian, "test"):
        shredding.confirm_erasure(by=scene.custodian, destruction=row)
    assert scene.now().state == DestructionState.ASKED
    assert len(world.events(Kind.ERASURE_REFUSED)) == 3
    assert not DestroyedRow.objects.exists()


def test_a_hold_refuses_at_every_step_and_that_is_recorded(scene: Scene) -> None:
    world = scene.world
    job = scene.confirmed()
    with entering(scene.lead, "test"):
        place_hold(by=scene.lead, case=world.case, witness=scene.witness, authority="Court order 7/2026")
    scene.run()
    job.refresh_from_db()
    assert (job.state, job.reason) == (OwedState.FAILED, "UnderHold")
    assert not DestroyedRow.objects.exists()
    assert scene.now().state == DestructionState.CONFIRMED
    assert ["hold" in json.loads(event.leaf)["facts"] for event in world.events(Kind.ERASURE_REFUSED)] == [
        True
    ]
    with pytest.raises(UnderHold), entering(world.supervisor, "test"):
        shredding.confirm_erasure(by=world.supervisor, destruction=scene.now())


def test_killed_between_the_keys_and_the_epoch_it_goes_on_and_says_nothing_early(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    """A rotation that was under way before is no help: its epoch could open what was turned already."""
    job = scene.confirmed()
    with monkeypatch.context() as patched:

        def die(*_: object) -> int:
            raise Killed

        patched.setattr(rotation, "_turn", die)
        with pytest.raises(Killed):
            rotation.rotate_epoch(by="machine:command")  # somebody's, interrupted
        before = {one.id for one in (epoch.load().primary, *epoch.load().older)}
        assert len(before) == 2
        with pytest.raises(Killed):
            scene.run()
    row = scene.now()
    assert row.state == DestructionState.KEYS_GONE
    assert set(row.epochs) == before
    assert not row.is_final
    assert row.final_from is None
    ErasureJob.objects.filter(pk=job.pk).update(state=OwedState.OWED)
    scene.run()
    row = scene.now()
    assert row.state == DestructionState.TURNED
    assert not before & {one.id for one in (epoch.load().primary, *epoch.load().older)}
    assert row.turned_at is not None
    assert row.final_from == row.turned_at + timedelta(days=7)
    assert not row.is_final
    settings.KEYSTORE_BACKUP_DAYS = 0
    assert scene.now().is_final
    turn_past(row.epochs, by="machine:sweep")  # safe to repeat


def test_with_a_service_that_goes_away_it_rests_and_nothing_is_said_early(
    scene: Scene, settings: LazySettings, tmp_path: Path
) -> None:
    """The epoch's file lies under a service's key: until that has lost its older version, nothing is over."""
    transit = Transit(keys={"casemgr-epoch": [bytes(range(32))]})
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o600)
    with serving(transit) as url:
        settings.ROOT_KEY_PROVIDER = "vault"
        places = {"url": url, "token_file": str(tmp_path / "token"), "mount": "transit"}
        names = {"key": "casemgr", "epoch_key": "casemgr-epoch", "namespace": "", "ca_file": ""}
        settings.ROOT_KEY_VAULT = {**places, **names}
        rotation.rotate_epoch(by="machine:command")
        copy = settings.EPOCH_KEY_FILE.read_bytes()
        job = scene.confirmed()
        transit.is_sealed = True
        rests_with(scene, job, DestructionState.CONFIRMED)
        assert not DestroyedRow.objects.exists()
        transit.is_sealed, transit.hears = False, sealing_before_it_trims(transit)
        rests_with(scene, job, DestructionState.KEYS_GONE)
        assert transit.limits["casemgr-epoch"].min_available_version == 2  # that of the copy
        assert scene.now().final_from is None
        transit.is_sealed, transit.hears = False, lambda verb, is_done: None
        scene.run()
        assert scene.now().state == DestructionState.TURNED
        settings.EPOCH_KEY_FILE.write_bytes(copy)
        with pytest.raises(VaultError):
            epoch.load()


def sealing_before_it_trims(transit: Transit) -> Callable[[str, bool], None]:
    def hears(verb: str, is_done: bool) -> None:
        transit.is_sealed = transit.is_sealed or (verb == "config" and is_done)

    return hears


def rests_with(scene: Scene, job: ErasureJob, state: DestructionState) -> None:
    """The worker tried, and it is owed as before: it was nobody's fault."""
    scene.run()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == (OwedState.OWED, 0, "keys_out_of_reach")
    with entering(scene.lead, "test"):
        assert Destruction.objects.get().state == state


def test_pages_from_asking_to_the_certificate(scene: Scene) -> None:
    scene.world.withdraw()
    here = {"case": scene.world.case.pk}
    custodian, lead = signed_in(scene.custodian), signed_in(scene.lead)
    ask = reverse("erasure-ask", kwargs={**here, "witness": scene.witness.pk})
    assert ask in custodian.get(reverse("erasure-list", kwargs=here)).content.decode()
    assert custodian.post(ask, {"reason": ""}).status_code == 422
    custodian.post(ask, {"reason": "On their word"})
    row = scene.now()
    one = {**here, "erasure": row.pk}
    decide = reverse("erasure-decide", kwargs=one)
    assert decide not in custodian.get(reverse("erasure-detail", kwargs=one)).content.decode()
    assert lead.post(decide, {"decision": "decline", "reason": ""}).status_code == 422
    early = lead.get(reverse("erasure-certificate", kwargs=one), {"in": "en"}).content.decode()
    assert "Not erased" in early
    assert "Those keys were deleted" not in early
    assert "Confirmed" in lead.post(decide, {"decision": "confirm"}, follow=True).content.decode()
    scene.run()
    page = lead.get(reverse("erasure-detail", kwargs=one)).content.decode()
    assert "A fact that rested on their word" in page
    paper = reverse("erasure-certificate", kwargs=one)
    it_names_no_one(scene, lead.post(paper, {"language": "en"}).getvalue(), row.number)
    assert scene.lead.staff_code in lead.get(paper, {"in": "ar"}).content.decode()
    final = scene.now().final_from
    assert final  # a full copy of last week's opens until then
    assert f"From {day(final)} on no copy" in lead.get(paper, {"in": "en"}).content.decode()
    told = reverse("withdrawal-detail", kwargs={**here, "consent": scene.world.consent.pk})
    assert "The keys to what you gave us were destroyed." in lead.get(told).content.decode()
    the_rest_is_as_it_was(scene, lead)
    with entering(scene.lead, "test"):  # as if it had turned long ago: nobody is told so
        Destruction.objects.filter(pk=row.pk).update(turned_at=final - timedelta(days=60))
    said = {
        lead.get(url, {"in": "en"}).status_code
        for url in (paper, told, reverse("erasure-detail", kwargs=one))
    }
    assert said == {409}


def it_names_no_one(scene: Scene, pdf: bytes, number: str) -> None:
    document = pypdfium2.PdfDocument(pdf)
    said = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert number in said
    assert "Unreadable here." in said
    assert "Those keys were" in said
    assert not any(word in said for word in (CANARY, scene.witness.code))
    # Who answers for it stands there by their code; what rested on their word, too, is told by its number.
    assert scene.lead.staff_code in said
    assert scene.custodian.staff_code in said
    assert "1 fact or incident rested on it" in said


def the_rest_is_as_it_was(scene: Scene, browser: Client) -> None:
    here = {"case": scene.world.case.pk}
    rooms = ("testimony", "interview", "exhibit", "export", "victim", "incident", "finding", "witness")
    for name in (*(f"{room}-list" for room in rooms), "case-detail", "case-log"):
        assert browser.get(reverse(name, kwargs=here)).status_code == 200, name
    page = browser.get(reverse("witness-list", kwargs=here)).content.decode()
    assert "Nadia" in page
    assert scene.witness.code not in page


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_last_weeks_copy_with_todays_keys_opens_everything_but_this_witness(
    scene: Scene, tmp_path: Path
) -> None:
    before, keys_before, laid = dump(), keystore(), told_otherwise()
    said_before = opened(before)
    theirs = {place for place, said in said_before.items() if CANARY in said}
    tables = {row._meta.db_table for row, name in before if (row.pk, name) in theirs}
    assert len(tables) >= 21, sorted(tables)
    assert len(said_before) == len(before)  # with its keys such a copy opens whole
    media = tmp_path / "media"
    shutil.copytree(settings.MEDIA_STORE, media)
    with entering(scene.lead, "test"):
        stored = StoredFile.objects.get(pk=scene.file.stored_id)
    scene.confirmed()
    scene.run()
    assert scene.now().state == DestructionState.TURNED

    nothing_lies_here(scene)
    # Last week's copy of rows and files, with today's keystore and epoch.
    again = opened(before)
    left = {place for place, said in again.items() if CANARY in said}
    # The name that a colleague gave to a view of their own is theirs: here it is deleted, in a copy it stays.
    assert {row._meta.db_table for row, name in before if (row.pk, name) in left} == {"cases_savedview"}
    assert theirs - left == theirs - set(again)
    assert OTHERS in again.values()
    still = {row._meta.db_table for row, name in before if (row.pk, name) in again}
    assert still > {"cases_case", "cases_witness"}
    shutil.copytree(media, settings.MEDIA_STORE, dirs_exist_ok=True)
    with (
        pytest.raises(VaultError),
        entering(scene.lead, "test"),
        open_file(stored, reader="INV-01", purpose=Purpose.MEDIA) as reading,
    ):
        b"".join(reading)

    no_old_key_opens(keys_before)
    # Every leaf, and every row as the log last told it; what this test laid past it stays what it was.
    assert verify().findings == []
    assert told_otherwise() <= laid


def _owner() -> Any:
    from django.db import connections

    return connections["owner"]


def no_old_key_opens(keys: list[KeystoreKey]) -> None:
    """Last week's keystore with today's epoch: not one of its keys opens."""
    epochs = epoch.load()
    for key in keys:
        with pytest.raises(UnknownKey):
            wrapping.open_outer(key, epochs)


def nothing_lies_here(scene: Scene) -> None:
    """No key that is left opens a word of theirs, and no table holds one in clear."""
    assert not [said for said in opened(dump()).values() if CANARY in said]
    with transaction.atomic(using="owner"):
        names = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
        with _owner().cursor() as cursor:
            for name in names:
                cursor.execute(f"SELECT t::text FROM {name} t")
                assert not [row for row in cursor.fetchall() if CANARY in row[0]], name
    assert not Draft.objects.using("owner").filter(witness=scene.witness).exists()
    assert SavedView.objects.using("owner").count() == 1
    assert not Upload.objects.using("owner").exists()


def told_otherwise() -> set[str]:
    """Rows that are not as the log last told them."""
    return {str(one) for one in compare_rows("owner")}


def test_a_destroyed_key_that_comes_back_is_refused(scene: Scene) -> None:
    """Somebody who has yesterday's keystore *and* epoch puts the key back in today's wrapping."""
    mine = next(row for row in keystore() if row.unit == scene.witness.pk)
    inner = wrapping.open_outer(mine, epoch.load())
    scene.confirmed()
    scene.run()
    now = epoch.load().primary
    mine.sealed, mine.epoch_id = wrapping.seal_unit_key(mine, inner, now), now.id
    with transaction.atomic(), stepping_into(Guarded.KEYSTORE):
        mine.save(force_insert=True)
    scope = Scope.witness(scene.world.case.pk, scene.witness.pk)
    with pytest.raises(DestroyedKey), transaction.atomic():
        Ring().primary(scope)
    with pytest.raises(VaultError), entering(scene.lead, "test"):
        open_row(scene.witness, "public_pseudonym", reader="INV-01", purpose=Purpose.READ)


def test_exports_with_their_words_are_cancelled_and_can_be_fetched_no_more(world: World) -> None:
    stored = world.verified.stored
    assert stored is not None
    custodian = make_person(Role.IDENTITY_CUSTODIAN)
    factories.join(world.case, world.lead, custodian, MemberRole.IDENTITY_CUSTODIAN)
    with entering(world.lead, "test"):
        file = world.clip.files.get()
    scene = Scene(world, custodian, world.witness, world.witness, world.clip, file)
    scene.confirmed()
    scene.run()
    with entering(world.officer, "test"):
        assert Export.objects.get().state == ExportState.CANCELLED
        with pytest.raises(VaultError):
            open_file(stored, reader="x", purpose=Purpose.EXPORT).__enter__()
    assert stores.default().is_there()
