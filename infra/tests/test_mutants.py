"""tools/mutants finds every kind of check, and explains no mutant that is not there."""

import subprocess
import tomllib
import unittest

from rendered import ROOT

# One of each kind, by the check that it takes away.
KINDS = {
    "a guard passes": "shared/lti/src/jws.rs: split: `compact.len() > MAX_JWS_BYTES` is `false`",
    "a guard always refuses": "shared/lti/src/jws.rs: split: `compact.len() > MAX_JWS_BYTES` is `true`",
    "a limit is one further": "shared/lti/src/jws.rs: split: `compact.len() > MAX_JWS_BYTES` with `>=`",
    "what an `if let` finds is not found": "shared/lti/src/jws.rs: UnverifiedJws::parse: `let Some(refused) = REFUSED_HEADERS.into_iter().find(|name| header.contains_key(*name))` is never so",
    "a closure lets all pass": "shared/lti/src/jws.rs: agreed_algorithm: `agreed.contains(algorithm)` is `true`",
    "an operand is left out": "shared/core/src/app_target.rs: AppTargets::is_allowed: `!has_user` is `true`",
    "a statement is left out": "shared/lti/src/id_token.rs: UnverifiedIdToken::verify: `audience::verify(&claims, expected.client_id)?;` is left out",
    "a function finds nothing wrong": "shared/lti/src/id_token/times.rs: not_ahead: gives `Ok(())`",
    "an arm is left out": "shared/lti/src/key_set.rs: Algorithm::from_name: arm `\"RS256\"` is left out",
    "an item of a list is another": "shared/lti/src/jws.rs: REFUSED_HEADERS: `\"crit\"` is another text",
    "a bound of an iterator is left out": "shared/lti/src/key_set.rs: KeySet::parse: takes more than `MAX_KEYS`",
    "a clause of a table's condition is left out": "shared/core/src/store/launches.rs: Launches::store: `\"attribute_not_exists(id)\"` without `attribute_not_exists(id)`",
    "a table's condition is the other way round": "shared/core/src/store/launches.rs: Launches::forget_user_page: `\"#user = :user\"` the other way round",
    "arithmetic is another": "shared/lti/src/id_token/times.rs: verify: `exp + leeway` with `-`",
}  # fmt: skip
CONFIG = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text())


def mutants(*parts):
    listed = subprocess.run([ROOT / "tools" / "mutants", *parts, "--list"], check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


class Mutants(unittest.TestCase):
    def test_every_kind_of_check_is_found(self):
        found = mutants()
        for kind, mutant in KINDS.items():
            self.assertIn(mutant, found, kind)
        self.assertEqual(len(found), len(set(found)), "two mutants have one name")

    def test_every_explained_mutant_is_there_and_has_its_reason(self):
        for part, settings in CONFIG.items():
            found = mutants(part)
            for survivor in settings.get("survivor", []):
                self.assertIn(survivor["mutant"], found)
                self.assertGreater(len(survivor["why"].split()), 5, survivor["mutant"])


if __name__ == "__main__":
    unittest.main()
