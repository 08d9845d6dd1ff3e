//! Units of measure by name, with their sizes.

use dashu_int::UBig;
use dashu_ratio::RBig;

use super::Known;

/// Dimension, size as a fraction, names. Names are matched exactly first, then in small letters (`MPH`).
const UNITS: [(&str, (u64, u64), &[&str]); 47] = [
    ("length", (1, 1), &["m", "meter", "meters", "metre", "metres"]),
    (
        "length",
        (1, 100),
        &[
            "cm",
            "cms",
            "centimeter",
            "centimeters",
            "centimetre",
            "centimetres",
        ],
    ),
    (
        "length",
        (1, 1000),
        &["mm", "millimeter", "millimeters", "millimetre", "millimetres"],
    ),
    (
        "length",
        (1000, 1),
        &["km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"],
    ),
    ("length", (127, 5000), &["in", "inch", "inches"]),
    ("length", (381, 1250), &["ft", "foot", "feet"]),
    ("length", (1143, 1250), &["yd", "yds", "yard", "yards"]),
    ("length", (201_168, 125), &["mi", "mile", "miles"]),
    ("length", (1, 1_000_000_000), &["nm", "nanometer", "nanometers"]),
    (
        "length",
        (1, 1_000_000),
        &["μm", "micrometer", "micrometers", "micron", "microns"],
    ),
    ("time", (1, 1), &["s", "sec", "secs", "second", "seconds"]),
    ("time", (1, 1000), &["ms", "millisecond", "milliseconds"]),
    ("time", (60, 1), &["min", "mins", "minute", "minutes"]),
    ("time", (3600, 1), &["h", "hr", "hrs", "hour", "hours"]),
    ("time", (86_400, 1), &["day", "days"]),
    ("time", (604_800, 1), &["week", "weeks"]),
    ("month", (1, 1), &["month", "months"]),
    ("month", (12, 1), &["year", "years", "yr", "yrs"]),
    ("mass", (1, 1), &["g", "gm", "gms", "gram", "grams"]),
    ("mass", (1000, 1), &["kg", "kgs", "kilogram", "kilograms"]),
    ("mass", (1, 1000), &["mg", "milligram", "milligrams"]),
    ("mass", (1_000_000, 1), &["tonne", "tonnes"]),
    ("pound", (1, 1), &["lb", "lbs", "pound", "pounds"]),
    ("pound", (1, 16), &["oz", "ounce", "ounces"]),
    ("pound", (2000, 1), &["ton", "tons"]),
    (
        "volume",
        (1, 1),
        &["L", "l", "ℓ", "liter", "liters", "litre", "litres"],
    ),
    (
        "volume",
        (1, 1000),
        &[
            "mL",
            "ml",
            "milliliter",
            "milliliters",
            "millilitre",
            "millilitres",
        ],
    ),
    ("gallon", (1, 1), &["gal", "gallon", "gallons"]),
    ("gallon", (1, 4), &["qt", "quart", "quarts"]),
    ("gallon", (1, 8), &["pint", "pints"]),
    ("gallon", (1, 16), &["cup", "cups"]),
    ("money", (1, 1), &["dollar", "dollars", "usd", "USD", "bucks"]),
    ("money", (1, 100), &["cent", "cents", "¢"]),
    ("angle", (1, 1), &["°", "degree", "degrees", "deg"]),
    ("radian", (1, 1), &["rad", "radian", "radians"]),
    ("energy", (1, 1), &["J", "joule", "joules"]),
    ("energy", (1000, 1), &["kJ", "kilojoule", "kilojoules"]),
    ("electronvolt", (1, 1), &["eV"]),
    ("electronvolt", (1_000_000, 1), &["MeV"]),
    ("power", (1, 1), &["W", "watt", "watts"]),
    ("power", (1000, 1), &["kW", "kilowatt", "kilowatts"]),
    ("force", (1, 1), &["N", "newton", "newtons"]),
    ("frequency", (1, 1), &["Hz", "hertz"]),
    ("potential", (1, 1), &["V", "volt", "volts"]),
    ("temperature", (1, 1), &["K", "kelvin"]),
    ("area-land", (1, 1), &["acre", "acres"]),
    ("dozen", (1, 1), &["dozen", "dozens"]),
];

/// The unit that `words` name, with powers and one `per`.
pub(super) fn unit(words: &str) -> Option<Known> {
    match words {
        "mph" | "MPH" => return unit("mi/h"),
        "kph" | "kmh" => return unit("km/h"),
        _ => {}
    }
    let words = words.replace(" per ", "/");
    let (over, under) = words
        .split_once('/')
        .map_or((words.as_str(), None), |(over, under)| (over, Some(under)));
    let (mut dimension, mut size) = powered(over.trim())?;
    if let Some(under) = under {
        let (other, divisor) = powered(under.trim())?;
        dimension = format!("{dimension}/{other}");
        size /= divisor;
    }
    Some(Known { dimension, size })
}

/// A unit with its power, before (`square feet`) or behind (`ft^2`).
fn powered(words: &str) -> Option<(String, RBig)> {
    let mut power = 1;
    let mut name = words;
    for (word, exponent) in [("square ", 2), ("sq ", 2), ("cubic ", 3), ("cu ", 3)] {
        if let Some(rest) = name.strip_prefix(word) {
            (name, power) = (rest, exponent);
        }
    }
    for (suffix, exponent) in [("^2", 2), ("^3", 3), (" squared", 2), (" cubed", 3)] {
        if let Some(rest) = name.strip_suffix(suffix) {
            (name, power) = (rest, exponent);
        }
    }
    let (dimension, size) = plain(name.trim())?;
    Some(if power == 1 {
        (dimension.to_owned(), size)
    } else {
        (format!("{dimension}^{power}"), size.pow(power))
    })
}

fn plain(name: &str) -> Option<(&'static str, RBig)> {
    let by = |wanted: &str| UNITS.iter().find(|(_, _, names)| names.contains(&wanted));
    let (dimension, (over, under), _) = by(name).or_else(|| by(&name.to_lowercase()))?;
    Some((dimension, RBig::from_parts((*over).into(), UBig::from(*under))))
}
