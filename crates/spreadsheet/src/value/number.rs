//! Numbers: all the digits that a spreadsheet keeps, and none that it doesn't.

use std::fmt::Write as _;

use super::Value;

/// Spreadsheets keep 15 digits (Excel's specifications, "Number precision"). A number that is longer has lost some.
const N_DIGITS: i32 = 15;

/// Below this power of ten, zeros after the point would hide the number.
const MIN_EXPONENT: i32 = -10;

/// Writes a number: whole ones without point or exponent, others in their shortest form, and those of more than 15 digits
/// as Excel does, `5.2551234567891E+15`, so that nobody takes them for exact.
pub(super) fn write(text: &mut String, value: f64) {
    if !value.is_finite() {
        return Value::Error("#NUM!").write(text);
    }
    // One digit before the point and 14 after it: noise like that of 0.1 + 0.2 is beyond.
    let rounded = format!("{:.14e}", value.abs());
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let rest = rest.trim_end_matches('0');
    let is_zero = first == "0";
    if value < 0.0 && !is_zero {
        text.push('-');
    }
    if is_zero {
        text.push('0');
    } else if !(MIN_EXPONENT..N_DIGITS).contains(&exponent) {
        text.push_str(first);
        if !rest.is_empty() {
            text.push('.');
            text.push_str(rest);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        // Writing to a String can't fail.
        let _ = write!(text, "E{sign}{:02}", exponent.abs());
    } else if exponent < 0 {
        text.push_str("0.");
        text.extend((1..-exponent).map(|_| '0'));
        text.push_str(first);
        text.push_str(rest);
    } else {
        let n_whole = usize::try_from(exponent).unwrap_or_default();
        let (whole, fraction) = rest.split_at_checked(n_whole).unwrap_or((rest, ""));
        text.push_str(first);
        text.push_str(whole);
        text.extend((whole.len()..n_whole).map(|_| '0'));
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: f64) -> String {
        let mut text = String::new();
        write(&mut text, value);
        text
    }

    #[test]
    fn phones_keep_their_digits() {
        assert_eq!(written(525_512_345_678.0), "525512345678");
        assert_eq!(written("5.25512345678E11".parse().unwrap()), "525512345678");
        assert_eq!(written(5_215_512_345_678.0), "5215512345678");
        assert_eq!(written(999_999_999_999_999.0), "999999999999999");
        assert_eq!(written(5.255_12e11), "525512000000");
    }

    #[test]
    fn numbers_that_lost_digits_show_it() {
        assert_eq!(written(1e15), "1E+15");
        assert_eq!(written(999_999_999_999_999.9), "1E+15");
        assert_eq!(written(1_234_567_890_123_456.0), "1.23456789012346E+15");
        assert_eq!(written(-1.5e300), "-1.5E+300");
        assert_eq!(written(f64::INFINITY), "#NUM!");
        assert_eq!(written(f64::NAN), "#NUM!");
    }

    #[test]
    fn fractions_have_no_noise() {
        assert_eq!(written(0.1 + 0.2), "0.3");
        assert_eq!(written(1.1 * 3.0), "3.3");
        assert_eq!(written(1234.5), "1234.5");
        assert_eq!(written(-0.05), "-0.05");
        assert_eq!(written(100.0), "100");
        assert_eq!(written(0.0), "0");
        assert_eq!(written(-0.0), "0");
        assert_eq!(written(0.000_001_2), "0.0000012");
        assert_eq!(written(1.2e-10), "0.00000000012");
        assert_eq!(written(1.2e-11), "1.2E-11");
        assert_eq!(written(5e-324), "4.94065645841247E-324");
    }

    proptest! {
        #[test]
        fn whole_numbers_of_15_digits_are_exact(value in -999_999_999_999_999_i64..=999_999_999_999_999) {
            #[expect(clippy::cast_precision_loss, reason = "15 digits are exact")]
            let number = value as f64;
            prop_assert_eq!(written(number), value.to_string());
        }

        #[test]
        fn what_is_written_is_the_number(value in proptest::num::f64::NORMAL) {
            let back: f64 = written(value).parse().unwrap();
            prop_assert!((back - value).abs() <= value.abs() * 1e-14, "{} came back as {}", value, back);
        }
    }
}
