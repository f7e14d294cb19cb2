using System.Text;

namespace Pm.Packages.Toml;

/// <summary>Punctuation that word processors and keyboards of other scripts make of the one that is meant.</summary>
static class LookAlike
{
    const string Written = "“”„‟＂‘’‚‛＇＝［］｛｝，：．＃＿－\u00a0\u3000";
    const string Meant = "\"\"\"\"\"'''''=[]{},:.#_-  ";

    /// <summary>What to write instead of the first character; null when it is not one of these.</summary>
    public static string? Hint(ReadOnlySpan<byte> utf8)
    {
        Rune.DecodeFromUtf8(utf8, out var rune, out _);
        var at = rune.IsBmp ? Written.IndexOf((char)rune.Value) : -1;
        return at < 0 ? null : $"write {(Meant[at] == ' ' ? "a space" : Shown.Quote([Meant[at]]))} instead of {Shown.Quote([Written[at]])}";
    }
}
