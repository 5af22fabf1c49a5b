//! The digitisation code (mã kết quả số hóa): composed by a template that is
//! data, from parts that are stored apart.

use std::fmt;
use std::str::FromStr;

/// Which structure a paper's code has.
// Circular 01/2023/TT-VPCP, art. 10: results by their result type, other papers
// by a second structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// A result of a procedure, known by its result type.
    ProcedureResult,
    /// Any other paper of a dossier.
    OtherPaper,
}

impl CodeKind {
    /// The stable name in stores and templates.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProcedureResult => "procedure_result",
            Self::OtherPaper => "other_paper",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::ProcedureResult, Self::OtherPaper]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// The parts of a digitisation code. They are stored apart because "." occurs
/// inside them too, so a composed code cannot be taken to pieces again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeParts {
    /// Identification code of the owner; empty when the owner has none.
    // Circular 01/2023/TT-VPCP, art. 10: left blank, the owner data of art. 9 is added.
    pub owner_id: String,
    /// Result type, for a procedure result.
    pub result_type: String,
    /// Number and symbol of the paper.
    pub number: String,
    /// Procedure, for other papers.
    pub procedure: String,
    /// Dossier component, for other papers.
    pub component: String,
}

/// A template such as `{owner_id}.{result_type}.{number}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeTemplate {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Part(Part),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    OwnerId,
    ResultType,
    Number,
    Procedure,
    Component,
}

/// Why a template cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeTemplateError {
    /// A part that does not exist.
    #[error("the code template names an unknown part {0:?}")]
    UnknownPart(String),
    /// A brace without its partner.
    #[error("the code template has an unpaired brace")]
    UnpairedBrace,
}

/// A digitisation code and whether a centre has confirmed it.
#[derive(Clone, PartialEq, Eq)]
pub struct DigitisationCode {
    /// Which structure it follows.
    pub kind: CodeKind,
    /// Its parts.
    pub parts: CodeParts,
    /// The composed text.
    pub text: String,
    /// True until a centre's receipt confirms it: two desks may compose the same
    /// one, and the centre then appends an ordinal.
    pub provisional: bool,
}

impl CodeTemplate {
    /// Composes the code.
    pub fn compose(&self, parts: &CodeParts) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.as_str(),
                Piece::Part(Part::OwnerId) => &parts.owner_id,
                Piece::Part(Part::ResultType) => &parts.result_type,
                Piece::Part(Part::Number) => &parts.number,
                Piece::Part(Part::Procedure) => &parts.procedure,
                Piece::Part(Part::Component) => &parts.component,
            })
            .collect()
    }
}

impl FromStr for CodeTemplate {
    type Err = CodeTemplateError;

    fn from_str(text: &str) -> Result<Self, CodeTemplateError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (literal, after) = (&rest[..open], &rest[open + 1..]);
            let close = after.find('}').ok_or(CodeTemplateError::UnpairedBrace)?;
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            pieces.push(Piece::Part(match &after[..close] {
                "owner_id" => Part::OwnerId,
                "result_type" => Part::ResultType,
                "number" => Part::Number,
                "procedure" => Part::Procedure,
                "component" => Part::Component,
                other => return Err(CodeTemplateError::UnknownPart(other.to_owned())),
            }));
            rest = &after[close + 1..];
        }
        if rest.contains('}') {
            return Err(CodeTemplateError::UnpairedBrace);
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Ok(Self { pieces })
    }
}

// The composed code contains the owner's number.
impl fmt::Debug for DigitisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigitisationCode")
            .field("kind", &self.kind)
            .field("provisional", &self.provisional)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Circular 01/2023/TT-VPCP, art. 10.
    #[test]
    fn the_two_structures_are_composed_from_their_parts() {
        let parts = CodeParts {
            owner_id: "0100109106".into(),
            result_type: "KQ.G15.000031".into(),
            number: "12/2026".into(),
            procedure: "1.000894".into(),
            component: "TP-H05.000026".into(),
        };
        let compose = |template: &str| {
            template
                .parse::<CodeTemplate>()
                .expect("valid")
                .compose(&parts)
        };
        assert_eq!(
            compose("{owner_id}.{result_type}.{number}"),
            "0100109106.KQ.G15.000031.12/2026"
        );
        assert_eq!(
            compose("{owner_id}.{procedure}.{component}"),
            "0100109106.1.000894.TP-H05.000026"
        );
    }

    #[test]
    fn a_template_with_an_error_is_refused() {
        assert_eq!(
            "{owner}".parse::<CodeTemplate>(),
            Err(CodeTemplateError::UnknownPart("owner".into()))
        );
        assert_eq!(
            "{number".parse::<CodeTemplate>(),
            Err(CodeTemplateError::UnpairedBrace)
        );
        assert_eq!(
            "number}".parse::<CodeTemplate>(),
            Err(CodeTemplateError::UnpairedBrace)
        );
    }
}
