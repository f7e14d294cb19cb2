using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Pm.Packages.Versions;

/// <summary>What a version is ordered by. Keys are compared part by part, hence the order is total and transitive.</summary>
/// <remarks>Source: docs/formats/versions.md.</remarks>
sealed class VersionKey : IComparable<VersionKey>
{
    readonly string _epoch;
    readonly ImmutableArray<string> _release;
    readonly ImmutableArray<VersionItem> _items;

    VersionKey(string epoch, ImmutableArray<string> release, ImmutableArray<VersionItem> items) =>
        (_epoch, _release, _items) = (epoch, release, items);

    public bool IsPreRelease => _items is [{ Rank: VersionRank.Start or VersionRank.Tilde or VersionRank.PreRelease }, ..];

    /// <summary>The release alone: what pre-releases of it come before.</summary>
    public VersionKey Release => _items.IsEmpty ? this : new(_epoch, _release, []);

    /// <summary>What all pre-releases of the release come after.</summary>
    public VersionKey StartOfRelease => new(_epoch, _release, [new VersionItem(VersionRank.Start, "")]);

    /// <summary>Which of the release's numbers is the first that is not zero; null: all are.</summary>
    public int? FirstNonZero => _release.ToList().FindIndex(number => number.Length > 0) is var at and >= 0 ? at : null;

    public static VersionKey Of(string text)
    {
        var body = text.AsSpan();
        if (body.Length > 1 && body[0] is 'v' or 'V' && char.IsAsciiDigit(body[1]))
        {
            body = body[1..];
        }

        return SemanticSyntax.IsValid(body) ? OfSemantic(body) : OfImported(body);
    }

    /// <summary>The first release whose number at <paramref name="position"/> is higher; null where the text has no numbers.</summary>
    public VersionKey? Raised(int position)
    {
        if (_release.IsEmpty)
        {
            return null;
        }

        var numbers = Enumerable.Range(0, position + 1).Select(i => i < _release.Length ? _release[i] : "").ToArray();
        var raised = BigInteger.Parse("0" + numbers[position], CultureInfo.InvariantCulture) + 1;
        numbers[position] = raised.ToString(CultureInfo.InvariantCulture);
        return new VersionKey(_epoch, [.. numbers], []);
    }

    public int CompareTo(VersionKey? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = VersionItem.CompareNumbers(_epoch, other._epoch);
        order = order != 0 ? order : CompareReleases(_release, other._release);
        return order != 0 ? order : CompareItems(_items, other._items);
    }

    static VersionKey OfSemantic(ReadOnlySpan<char> text)
    {
        var plus = text.IndexOf('+');
        text = plus < 0 ? text : text[..plus];
        var dash = text.IndexOf('-');
        var items = dash < 0 ? [] : PreRelease(text[(dash + 1)..]);
        return new VersionKey("", TakeRelease(ref text), items);
    }

    static VersionKey OfImported(ReadOnlySpan<char> text)
    {
        var epoch = ImportedSyntax.TakeEpoch(ref text);
        var release = TakeRelease(ref text);
        return new VersionKey(epoch, release, ImportedSyntax.Items(text));
    }

    /// <summary>What stands behind the hyphen.</summary>
    static ImmutableArray<VersionItem> PreRelease(ReadOnlySpan<char> identifiers)
    {
        var items = ImmutableArray.CreateBuilder<VersionItem>();
        items.Add(new VersionItem(VersionRank.PreRelease, ""));
        foreach (var range in identifiers.Split('.'))
        {
            var part = identifiers[range];
            items.Add(part.ContainsAnyExceptInRange('0', '9') ? VersionItem.Word(part) : VersionItem.Number(part));
        }

        return items.DrainToImmutable();
    }

    /// <summary>Takes the dotted numbers at the start; zeros at their end say nothing (<c>2.10</c> is <c>2.10.0</c>).</summary>
    /// <remarks>Empty when there is no number at all, one zero when all of them are zero: words come before numbers.</remarks>
    static ImmutableArray<string> TakeRelease(ref ReadOnlySpan<char> text)
    {
        // Twice over the text, so that nothing but the numbers is allocated: indexes have a hundred thousand versions.
        var rest = text;
        var (seen, kept) = (0, 0);
        while (TryTakeNumber(ref rest, out var number))
        {
            seen++;
            kept = seen == 1 || number.ContainsAnyExcept('0') ? seen : kept;
        }

        var numbers = new string[kept];
        for (var i = 0; i < kept && TryTakeNumber(ref text, out var number); i++)
        {
            numbers[i] = VersionItem.Trim(number);
        }

        text = rest;
        return ImmutableCollectionsMarshal.AsImmutableArray(numbers);
    }

    /// <summary>Takes digits, and the dot behind them when digits follow it.</summary>
    static bool TryTakeNumber(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> digits)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        if (text.Length > 1 && text[0] == '.' && char.IsAsciiDigit(text[1]) && !digits.IsEmpty)
        {
            text = text[1..];
        }

        return !digits.IsEmpty;
    }

    static int CompareReleases(ImmutableArray<string> left, ImmutableArray<string> right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (VersionItem.CompareNumbers(left[i], right[i]) is var order and not 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    static int CompareItems(ImmutableArray<VersionItem> left, ImmutableArray<VersionItem> right)
    {
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            var order = At(left, i).CompareTo(At(right, i));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;

        static VersionItem At(ImmutableArray<VersionItem> items, int i) => i < items.Length ? items[i] : VersionItem.End;
    }
}
