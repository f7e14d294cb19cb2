namespace Pm.Packages.Versions;

/// <summary>One comparator of a requirement, such as <c>^1.2</c>. Source: docs/formats/versions.md, "Requirements".</summary>
sealed class VersionComparator
{
    /// <summary>A version with this many numbers is whole; one with fewer stands for all that begin so.</summary>
    const int WholeLength = 3;

    readonly VersionOperator _operator;
    readonly string _text;
    readonly VersionKey _key;

    /// <summary>How many numbers stand there; <see cref="WholeLength"/> when it is no partial version.</summary>
    readonly int _length;

    VersionComparator(VersionOperator @operator, string text, VersionKey key, int length) =>
        (_operator, _text, _key, _length) = (@operator, text, key, length);

    /// <summary>The comparator; null where <paramref name="text"/> is neither a version nor a part of one.</summary>
    public static VersionComparator? Create(VersionOperator? written, string text)
    {
        if (PartialLength(text) is { } length)
        {
            var numbers = string.Join('.', text.TrimStart('v', 'V').Split('.').Take(length));
            // `1.x` means what `=1` does, where `1` alone would be `^1`.
            var means = written ?? (numbers.Length == text.Length ? VersionOperator.Caret : VersionOperator.Equal);
            return new VersionComparator(means, numbers, VersionKey.Of(numbers), length);
        }

        // A word alone is a slip (`^1 or ^2`) rather than a version.
        var isWord = written is null && !char.IsAsciiDigit(text.AsSpan().TrimStart("vV") is [var first, ..] ? first : ' ');
        return !isWord && PackageVersion.TryParse(text, out var version)
            ? new VersionComparator(written ?? VersionOperator.Caret, text, version.Key, WholeLength)
            : null;
    }

    /// <summary>Where a version has to lie by the order alone.</summary>
    public VersionInterval Interval => _length == 0 ? Anything : _operator switch
    {
        VersionOperator.Caret => new(VersionCut.Before(_key), Above(_key.FirstNonZero ?? (_length - 1))),
        VersionOperator.Tilde => new(VersionCut.Before(_key), Above(Math.Min(_length, 2) - 1)),
        VersionOperator.Equal => new(VersionCut.Before(_key), AfterAll),
        VersionOperator.Greater => new(AfterAll, VersionCut.End),
        VersionOperator.GreaterOrEqual => new(VersionCut.Before(_key), VersionCut.End),
        VersionOperator.Less => new(VersionCut.Start, VersionCut.Before(_key)),
        _ => new(VersionCut.Start, AfterAll),
    };

    /// <summary>The pre-releases that it lets in: those of the release whose pre-release it names; null: none.</summary>
    public VersionInterval? PreReleases => _key.IsPreRelease && _length == WholeLength
        ? new(VersionCut.Before(_key.StartOfRelease), VersionCut.Before(_key.Release))
        : null;

    /// <summary><c>&gt;*</c> and <c>&lt;*</c> leave nothing.</summary>
    VersionInterval Anything => _operator is VersionOperator.Greater or VersionOperator.Less
        ? new(VersionCut.End, VersionCut.End)
        : new(VersionCut.Start, VersionCut.End);

    /// <summary>After the version and, where it is partial, all that begin with it.</summary>
    VersionCut AfterAll => _length < WholeLength ? Above(_length - 1) : VersionCut.After(_key);

    /// <summary>Before the release with the next number at <paramref name="position"/> and its pre-releases; a text without numbers stands for itself.</summary>
    VersionCut Above(int position) => _key.Raised(position) is { } next ? VersionCut.Before(next.StartOfRelease) : VersionCut.After(_key);

    /// <summary>In one way of writing: the operator always, wildcards as the numbers before them.</summary>
    public override string ToString() => _length == 0 && Anything.IsEmpty ? $"{Symbol}*" : _length == 0 ? "*" : Symbol + _text;

    string Symbol => _operator switch
    {
        VersionOperator.Caret => "^",
        VersionOperator.Tilde => "~",
        VersionOperator.Equal => "=",
        VersionOperator.Greater => ">",
        VersionOperator.GreaterOrEqual => ">=",
        VersionOperator.Less => "<",
        _ => "<=",
    };

    /// <summary>How many numbers of one to three stand before the wildcards or the end; null: it is not a partial version.</summary>
    static int? PartialLength(string text)
    {
        var parts = (text.Length > 1 && text[0] is 'v' or 'V' ? text[1..] : text).Split('.');
        var numbers = parts.TakeWhile(part => part.Length > 0 && part.All(char.IsAsciiDigit)).Count();
        return parts.Length <= WholeLength && numbers < WholeLength && parts.Skip(numbers).All(part => part is "*" or "x" or "X")
            ? numbers
            : null;
    }
}
