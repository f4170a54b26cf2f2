//! Which columns seem to name somebody or something: by their names, and by the form of their values.

use super::{plain, says};

/// The words a column's name is made of, in small letters: `TerminalID` and `terminal_id` are `terminal` and `id`.
fn words(column: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in column.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a column of that name seems to hold names or codes: by its last word.
pub(super) fn is_identifier(column: &str) -> bool {
    const LAST: [&str; 17] = [
        "id",
        "ids",
        "no",
        "nr",
        "code",
        "key",
        "serial",
        "ref",
        "reference",
        "uuid",
        "guid",
        "bin",
        "mcc",
        "zip",
        "postcode",
        "serialno",
        "orderno",
    ];
    const ENDS: [&str; 9] = ["编号", "代码", "号码", "流水", "流水号", "号", "编码", "主键", "邮编"];
    let ends = |column: &str| ENDS.iter().any(|end| column.ends_with(end));
    words(column).last().is_some_and(|last| LAST.contains(&last.as_str()) || ends(last))
}

/// Whether a column of that name seems to answer with yes or no.
pub(super) fn is_flag(column: &str) -> bool {
    words(column).first().is_some_and(|first| matches!(first.as_str(), "is" | "has" | "是否")) || is_label(column)
}

/// Whether a column of that name seems to say what was fraud.
pub(super) fn is_label(column: &str) -> bool {
    says(&plain(column), &["fraud", "label", "chargeback", "欺诈", "标签"])
}

/// Whether a column of that name seems to identify a person.
pub fn is_personal(column: &str) -> bool {
    const PARTS: [&str; 29] = [
        "mobile",
        "phone",
        "idcard",
        "idhash",
        "idno",
        "idnum",
        "certno",
        "certnum",
        "documentn",
        "cardno",
        "cardnum",
        "cardhash",
        "account",
        "acctno",
        "email",
        "address",
        "passport",
        "surname",
        "姓名",
        "手机",
        "电话",
        "身份证",
        "证件",
        "卡号",
        "账号",
        "帐号",
        "邮箱",
        "邮件",
        "地址",
    ];
    const WHOLE: [&str; 5] = ["name", "mail", "addr", "pan", "tel"];
    // Names of other things than persons.
    const THINGS: [&str; 11] =
        ["merchant", "product", "branch", "bank", "interface", "file", "shop", "terminal", "country", "city", "company"];
    let (key, words) = (plain(column), words(column));
    let is_thing = words.iter().any(|word| THINGS.contains(&word.as_str()));
    says(&key, &PARTS)
        || words.iter().any(|word| WHOLE.contains(&word.as_str()) && (word != "name" || !is_thing))
        || ["fullname", "username", "holdername", "firstname", "lastname", "customername", "payername", "payeename"]
            .iter()
            .any(|end| key.ends_with(end))
}

/// Whether nearly all values have the form of what identifies a person.
pub(super) fn looks_personal<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let (mut all, mut like) = (0_u64, 0_u64);
    for cell in cells.filter(|cell| !cell.is_empty()) {
        all += 1;
        like += u64::from(is_document(cell) || is_mobile(cell) || is_card(cell) || is_mail(cell));
    }
    all > 0 && like * 10 >= all * 9
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// A document number of eighteen characters: a day of birth inside, the last character checks the others.
fn is_document(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const LAST: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let Some((body, last)) = text.char_indices().next_back().map(|(at, last)| (text.get(..at).unwrap_or(""), last)) else {
        return false;
    };
    let Some(body) = digits(body).filter(|body| body.len() == WEIGHTS.len()) else { return false };
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let part = |from: usize, to: usize| body.get(from..to).unwrap_or_default().iter().fold(0, |number, digit| number * 10 + digit);
    let is_day = (1..=12).contains(&part(10, 12)) && (1..=31).contains(&part(12, 14)) && (1850..=2100).contains(&part(6, 10));
    is_day && LAST.get((sum % 11) as usize).is_some_and(|check| *check == last.to_ascii_uppercase())
}

/// A mobile of eleven digits, with or without the country before it.
fn is_mobile(text: &str) -> bool {
    let own = text.strip_prefix("+86").unwrap_or(text).trim_start_matches([' ', '-']);
    digits(own).is_some_and(|digits| digits.len() == 11 && matches!(digits.as_slice(), [1, 3..=9, ..]))
}

/// A card of sixteen to nineteen digits, with or without blanks, whose last digit checks the others.
fn is_card(text: &str) -> bool {
    let Some(digits) = digits(&text.replace([' ', '-'], "")).filter(|digits| (16..=19).contains(&digits.len())) else {
        return false;
    };
    let twice = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 1 { twice(*digit) } else { *digit }).sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

fn is_mail(text: &str) -> bool {
    let Some((own, host)) = text.split_once('@') else { return false };
    let is_word = |word: &str| !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c == '@');
    is_word(own) && is_word(host) && host.split_once('.').is_some_and(|(name, end)| !name.is_empty() && !end.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_name_somebody_are_seen_by_name_or_values() {
        for column in [
            "name",
            "customer_name",
            "CustomerName",
            "姓名",
            "客户姓名",
            "card_no",
            "cardNo",
            "卡号",
            "id_no",
            "证件号",
            "身份证号码",
            "phone",
            "mobile",
            "手机号",
            "address",
            "home_addr",
            "地址",
            "email",
            "e_mail",
            "邮箱",
            "account",
        ] {
            assert!(is_personal(column), "{column}");
        }
        for column in
            ["merchant_name", "amount", "company", "japan", "panel", "branch_name", "商户名称", "city", "kind", "telegram"]
        {
            assert!(!is_personal(column), "{column}");
        }
        let values = [
            ("11010519491231002X", true),
            ("110105194912310021", false),
            ("13812345678", true),
            ("+86 13812345678", true),
            ("23812345678", false),
            ("6222021234567890", false),
            ("4111111111111111", true),
            ("4111 1111 1111 1111", true),
            ("0000000000000000", false),
            ("a.b@example.com", true),
            ("a@b", false),
            ("T1", false),
        ];
        for (value, wanted) in values {
            assert_eq!(looks_personal([value, ""].into_iter()), wanted, "{value}");
        }
    }

    #[test]
    fn columns_that_name_something_are_seen_by_their_last_word() {
        for column in [
            "terminal_id",
            "TerminalID",
            "terminalId",
            "ID",
            "order_no",
            "branch_code",
            "流水号",
            "商户编号",
            "机构代码",
            "card.bin",
        ] {
            assert!(is_identifier(column), "{column}");
        }
        for column in ["paid", "amount", "count", "note", "video", "codes_used", "金额", "次数", "no_of_cards", "age"] {
            assert!(!is_identifier(column), "{column}");
        }
    }
}
