//! One file per table: its migration, its row, its reader and its writer.

pub(crate) mod audit_event;
pub(crate) mod audit_head;
pub(crate) mod backup_state;
pub(crate) mod central_paper;
pub(crate) mod centre;
pub(crate) mod counter;
pub(crate) mod delivery;
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
pub(crate) mod purged_file;
pub(crate) mod recognised_text;
pub(crate) mod record;
pub(crate) mod reuse;
pub(crate) mod ruling;
pub(crate) mod scan_profile;
pub(crate) mod search_code;
pub(crate) mod search_word;
pub(crate) mod station_log;
pub(crate) mod taken_file;
pub(crate) mod tombstone;
pub(crate) mod trust;
pub(crate) mod work_place;
pub(crate) mod write_count;

/// Every migration in the order in which it was published. A line is never
/// edited, moved or taken out: a vault on somebody's desk has already run it.
pub(crate) const MIGRATIONS: &[&str] = &[
    office::V1,
    officer::V1,
    counter::V1,
    dossier::V1,
    dossier_component::V1,
    document::V1,
    page::V1,
    recognised_text::V1,
    field_candidate::V1,
    field_value::V1,
    electronic_copy::V1,
    record::V1,
    search_word::V1,
    search_code::V1,
    audit_event::V1,
    outbox::V1,
    ruling::V1,
    effort::V1,
    trust::V1,
    own_entry::V1,
    kind_proposal::V1,
    dossier::V2,
    taken_file::V1,
    feed::V1,
    page::V2,
    page_count::V1,
    work_place::V1,
    scan_profile::V1,
    page::V3,
    officer::V2,
    audit_event::V2,
    audit_head::V1,
    outbox::V2,
    electronic_copy::V2,
    electronic_original::V1,
    page::V4,
    tombstone::V1,
    reuse::V1,
    centre::V1,
    station_log::V1,
    office::V2,
    tombstone::V2,
    write_count::V1,
    backup_state::V1,
    dossier_component::V2,
    page::V5,
    centre::V2,
    purged_file::V1,
    central_paper::V1,
    reuse::V2,
    outbox::V3,
];
