//! Values go in and come out unchanged.

use restem_python::Outcome;

use crate::setup::call;

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn every_form_of_the_encoding_goes_through() {
    let values = [
        "null",
        "true",
        "[]",
        "-7",
        "123456789012345678901234567890",
        "1.5",
        "1e+100",
        r#"{"float":"inf"}"#,
        r#"{"float":"-inf"}"#,
        r#"{"float":"nan"}"#,
        r#""text \" \\ \n é 🐍""#,
        r#"{"str":[97, 55296]}"#,
        r#"{"tuple":[1,{"tuple":[]}]}"#,
        r#"{"set":[]}"#,
        r#"{"frozenset":[1]}"#,
        r#"{"dict":[[{"tuple":[1,2]},"x"],[null,[1]]]}"#,
        r#"{"bytes":"00ff"}"#,
        r#"{"complex":[1.0,{"float":"inf"}]}"#,
    ];
    let list = format!("[[{}]]", values.join(","));
    let execution = call("def f(x):\n    return x", "f", &list);
    assert_eq!(execution.outcome, Outcome::Finished);
    assert_eq!(execution.value.unwrap(), list[1..list.len() - 1]);
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn integers_of_any_length_go_through() {
    let digits = "7".repeat(20_000);
    let execution = call("def f(x):\n    return x", "f", &format!("[{digits}]"));
    assert_eq!(execution.value.unwrap(), digits);
}
