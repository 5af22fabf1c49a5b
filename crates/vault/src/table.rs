//! One file per table: its migration, its row, its reader and its writer.

pub(crate) mod audit_event;
pub(crate) mod audit_head;
pub(crate) mod counter;
pub(crate) mod document;
pub(crate) mod dossier;
pub(crate) mod dossier_component;
pub(crate) mod effort;
pub(crate) mod electronic_copy;
pub(crate) mod electronic_original;
pub(crate) mod engine_used;
pub(crate) mod feed;
pub(crate) mod field_candidate;
pub(crate) mod field_value;
pub(crate) mod kind_lesson;
pub(crate) mod kind_proposal;
pub(crate) mod office;
pub(crate) mod officer;
pub(crate) mod outbox;
pub(crate) mod own_entry;
pub(crate) mod page;
pub(crate) mod page_count;
pub(crate) mod recognised_text;
pub(crate) mod record;
pub(crate) mod ruling;
pub(crate) mod scan_profile;
pub(crate) mod search_code;
pub(crate) mod search_word;
pub(crate) mod taken_file;
pub(crate) mod trust;
pub(crate) mod work_place;

use rusqlite_migration::M;

/// Every migration in the order in which it was published. A line is never
/// edited, moved or taken out: a vault on somebody's desk has already run it.
pub(crate) const MIGRATIONS: &[M<'static>] = &[
    M::up(office::V1),
    M::up(officer::V1),
    M::up(counter::V1),
    M::up(dossier::V1),
    M::up(dossier_component::V1),
    M::up(document::V1),
    M::up(page::V1),
    M::up(recognised_text::V1),
    M::up(field_candidate::V1),
    M::up(field_value::V1),
    M::up(electronic_copy::V1),
    M::up(record::V1),
    M::up(search_word::V1),
    M::up(search_code::V1),
    M::up(audit_event::V1),
    M::up(outbox::V1),
    M::up(ruling::V1),
    M::up(effort::V1),
    M::up(trust::V1),
    M::up(own_entry::V1),
    M::up(kind_proposal::V1),
    M::up(dossier::V2),
    M::up(taken_file::V1),
    M::up(feed::V1),
    M::up(page::V2),
    M::up(page_count::V1),
    M::up(work_place::V1),
    M::up(scan_profile::V1),
    M::up(page::V3),
    M::up(officer::V2),
    M::up(audit_event::V2),
    M::up(audit_head::V1),
    M::up(outbox::V2),
    M::up(electronic_copy::V2),
    M::up(electronic_original::V1),
    M::up(page::V4),
];
