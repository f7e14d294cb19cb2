using System.Text;

namespace Pm.Fuzzing.Targets;

/// <summary>What formats are made of.</summary>
static class Words
{
    public static byte[][] Text { get; } =
    [
        .. Of("\n", "\r\n", "\t", "\0", " ", "/", "./", "../", "..", ".", "=", "\\", "\\\\", "-", "--", "*", "\u001b[31m", "é", "é", "\u202e", "\u0085", "\u2028", "\ufeff", "🙂"),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x80],
    ];

    public static byte[][] Hex { get; } =
    [
        .. Text, .. Of(new string('0', 64), new string('f', 64), new string('A', 64), new string('a', 63), "0x", "g"),
    ];

    public static byte[][] Json { get; } =
    [
        .. Text, .. Of(
            "{", "}", "[", "]", ",", ":", "\"", "{}", "[]", "null", "true", "false", "0", "-0", "-1", "1e3", "1.5", "1e400", "9007199254740992",
            "99999999999999999999", "\\u0000", "\\ud800", "\\udfff\\ud800", "\\u001b", "\\n", "\"\":", "\"a\":1,", "//", "/*", "NaN", "[[[[[[[[", "{\"a\":"),
    ];

    public static byte[][] Yaml { get; } =
    [
        .. Text, .. Of(
            "- ", ": ", "? ", "\"", "'", "&a ", "*a", "!!", "!!str ", "!<x>", "%YAML 1.1\n", "|", ">", "|2-\n", "---\n", "...\n", "\\u", "\\x", "null", "~",
            "#", "{", "}", "[", "]", ",", "<<: *a", "0o17", "name: ", "deps:\n", "\n ", "\n  ", "@", "`"),
    ];

    public static byte[][] Toml { get; } =
    [
        .. Text, .. Of(
            "[", "]", "[[a]]", "[a]", "[a.b]", "a.b = 1", "a = ", "= ", ".", "\"", "'", "\"\"\"", "'''", "{", "}", "{a = 1}", "{}", "[]", ",", "#", "\\", "\\u00e9",
            "\\U0001F600", "\\ud800", "\\\n", "0x", "0o", "0b", "_", "e", "+", "-", "inf", "nan", "true", "1979-05-27", "T07:32:00", "Z", "+01:00", ":60",
            "9223372036854775808", "[[[[[[[[", "{a={a={a=", "a.a.a.a.a.", "99999999999999999999"),
    ];

    public static byte[][] Version { get; } =
    [
        .. Text, .. Of("1", "0", "00", "99999999999999999999999999", "-rc.1", "+build", "~", "^", ":", ",", "!", "_", "alpha", "p1", "v", "@", "*", "x", "1.x", ">=1", "|"),
    ];

    public static byte[][] Binary { get; } =
    [
        [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], new byte[8], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0x80], new byte[512],
    ];

    public static byte[][] Tar { get; } =
    [
        .. Text, .. Binary, .. Of(
            "ustar\0" + "00", "ustar  \0", "././@LongLink", "30 path=../../x\n", "11 size=99\n", "GNU.sparse.major=1", "GNU.sparse.map=0,1,2,3", "GNU.sparse.numblocks=3",
            "SCHILY.xattr.security.capability=", "linkpath=", "mtime=-1.5", "tar\0", "0000644\0", "77777777777"),
        .. "012345678LKxXgSDMNVAE"u8.ToArray().Select(b => new[] { b }), [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
    ];

    public static byte[][] Zip { get; } =
    [
        .. Text, .. Binary, .. Of("PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "PK\u0006\u0007", "PK\u0007\b"),
        [1, 0, 8, 0], [0x75, 0x70], [0x55, 0x54], [8, 0], [12, 0], [93, 0], [95, 0], [1, 0], [8, 8],
    ];

    public static byte[][] Of(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];
}
