//! The officers of this desk: who may sign in, what each may do, and passphrases.

use domain::audit::Act;
use domain::ids::OfficerId;
use domain::office::{Account, Officer};
use domain::rights::{Right, Role, Roles};
use uuid::Uuid;
use vault::{Passphrase, Reader};

use crate::error::Refusal;
use crate::{Desk, Error};

/// All officers that this desk ever had.
pub fn list(desk: &Desk) -> Result<Vec<Account>, Error> {
    desk.may(Right::ManageOfficers)?;
    Ok(desk.vault.read(|read| read.accounts())?)
}

/// Adds an officer, who changes the passphrase at the first sign-in.
// QCVN 12:2026/BCA: one person one account; the first passphrase is changed.
pub fn add(
    desk: &Desk,
    name: &str,
    roles: Roles,
    first_passphrase: &Passphrase,
) -> Result<Officer, Error> {
    desk.may(Right::ManageOfficers)?;
    desk.check_passphrase(first_passphrase)?;
    let officer = Officer {
        id: OfficerId::from_uuid(Uuid::now_v7()),
        name: domain::fold::normalise(name),
    };
    if officer.name.is_empty() {
        return Err(Refusal::OfficerNameMissing.into());
    }
    let now = desk.clock.now();
    desk.vault.write(|write| {
        if named(write, &officer.name)?.is_some() {
            return Err(Refusal::OfficerKnown.into());
        }
        write.insert_officer(&officer, roles, true, now)?;
        Ok::<_, Error>(desk.audit(write, Act::OfficerAdded(officer.id, roles))?)
    })?;
    // Killed here, the officer is known and cannot sign in yet: a reset lets him in.
    desk.vault.put_passphrase(&officer, first_passphrase, now)?;
    Ok(officer)
}

/// Gives an officer these roles instead of those before. Without any he may not sign in
/// any more, and what he did stays his.
///
/// Nobody gives himself a right, and a desk keeps an administrator.
pub fn set_roles(desk: &Desk, name: &str, roles: Roles) -> Result<Account, Error> {
    desk.may(Right::ManageOfficers)?;
    let account = desk.vault.write(|write| {
        let account = named(write, name)?.ok_or(Refusal::UnknownOfficer)?;
        let id = account.officer.id;
        if id == desk.officer.id && !roles.is_within(account.roles) {
            return Err(Refusal::OwnRoles.into());
        }
        let administers =
            |other: &Account| other.officer.id != id && other.roles.has(Role::Administrator);
        if !roles.has(Role::Administrator) && !write.accounts()?.iter().any(administers) {
            return Err(Refusal::LastAdministrator.into());
        }
        write.set_roles(id, roles)?;
        desk.audit(write, Act::RolesChanged(id, roles))?;
        Ok::<_, Error>(Account { roles, ..account })
    })?;
    if roles.is_empty() {
        desk.vault.remove_passphrase(account.officer.id)?;
    }
    Ok(account)
}

/// Gives an officer who forgot his passphrase, or who was away too long, another one. He
/// changes it at the next sign-in.
pub fn reset(desk: &Desk, name: &str, first_passphrase: &Passphrase) -> Result<Account, Error> {
    desk.may(Right::ManageOfficers)?;
    desk.check_passphrase(first_passphrase)?;
    let now = desk.clock.now();
    // That it must be changed is written first: killed in between, the old passphrase
    // holds for one more sign-in, and no passphrase that two people know ever lasts.
    let account = desk.vault.write(|write| {
        let account = named(write, name)?.ok_or(Refusal::UnknownOfficer)?;
        let id = account.officer.id;
        write.set_must_change(id, true)?;
        write.set_active(id, now)?;
        desk.audit(write, Act::PassphraseReset(id))?;
        Ok::<_, Error>(account)
    })?;
    desk.vault
        .put_passphrase(&account.officer, first_passphrase, now)?;
    Ok(account)
}

/// The signed-in officer sets another passphrase.
pub fn change_passphrase(desk: &Desk, old: &Passphrase, new: &Passphrase) -> Result<(), Error> {
    if !desk.vault.is_passphrase_of(desk.officer.id, old)? {
        return Err(vault::Error::WrongPassphrase.into());
    }
    desk.put_own_passphrase(old, new)
}

fn named(read: &Reader<'_>, name: &str) -> Result<Option<Account>, vault::Error> {
    let folded = |name: &str| domain::fold::normalise(name).to_lowercase();
    let wanted = folded(name);
    let mut accounts = read.accounts()?.into_iter();
    Ok(accounts.find(|account| folded(&account.officer.name) == wanted))
}
