namespace Pm.Packages.Versions;

/// <summary>One thing that stands after the release numbers of a version.</summary>
readonly record struct VersionItem(VersionRank Rank, string Text) : IComparable<VersionItem>
{
    // Most numbers of most versions.
    static readonly string[] SingleDigits = ["", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    public static VersionItem End => new(VersionRank.End, "");

    public static VersionItem Number(ReadOnlySpan<char> digits) => new(VersionRank.Number, Trim(digits));

    public static VersionItem Word(ReadOnlySpan<char> word) => new(VersionRank.Word, word.ToString());

    /// <summary>The digits without leading zeros; zero is the empty text.</summary>
    public static string Trim(ReadOnlySpan<char> digits) =>
        digits.TrimStart('0') is [var only] ? SingleDigits[only - '0'] : digits.TrimStart('0').ToString();

    /// <summary>Compares two numbers of any length, as <see cref="Trim"/> leaves them.</summary>
    public static int CompareNumbers(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    public int CompareTo(VersionItem other) =>
        Rank != other.Rank ? Rank.CompareTo(other.Rank)
        : Rank == VersionRank.Number ? CompareNumbers(Text, other.Text)
        : string.CompareOrdinal(Text, other.Text);
}
