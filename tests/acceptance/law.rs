//! One file per legal text; each test names the article it holds to.

mod circular_01_2023;
