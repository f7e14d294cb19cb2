using System.Numerics;

namespace Pm.Resolution.Solving;

/// <summary>Which of the values of a variable: value 0 is "not there", the others are its versions. Never changed.</summary>
/// <remarks>Two of them are combined only when they belong to the same variable, so that they have the same length.</remarks>
readonly struct VersionBits : IEquatable<VersionBits>
{
    const int WordSize = 64;

    readonly ulong _first;
    readonly ulong[]? _more;

    VersionBits(ulong first, ulong[]? more) => (_first, _more) = (first, more);

    public bool IsEmpty
    {
        get
        {
            if (_first != 0)
            {
                return false;
            }

            foreach (var word in _more.AsSpan())
            {
                if (word != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public int Count
    {
        get
        {
            var count = BitOperations.PopCount(_first);
            foreach (var word in _more.AsSpan())
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>The lowest value; −1 where there is none.</summary>
    public int Lowest
    {
        get
        {
            if (_first != 0)
            {
                return BitOperations.TrailingZeroCount(_first);
            }

            for (var i = 0; i < _more.AsSpan().Length; i++)
            {
                if (_more![i] != 0)
                {
                    return ((i + 1) * WordSize) + BitOperations.TrailingZeroCount(_more[i]);
                }
            }

            return -1;
        }
    }

    /// <summary>The highest value; −1 where there is none.</summary>
    public int Highest
    {
        get
        {
            for (var i = _more.AsSpan().Length - 1; i >= 0; i--)
            {
                if (_more![i] != 0)
                {
                    return ((i + 2) * WordSize) - 1 - BitOperations.LeadingZeroCount(_more[i]);
                }
            }

            return WordSize - 1 - BitOperations.LeadingZeroCount(_first);
        }
    }

    /// <summary>None of <paramref name="length"/> values.</summary>
    public static VersionBits None(int length) => new(0, length <= WordSize ? null : new ulong[(length - 1) / WordSize]);

    /// <summary>All of <paramref name="length"/> values.</summary>
    public static VersionBits All(int length) => Range(length, 0, length);

    public static VersionBits One(int length, int value) => Range(length, value, value + 1);

    /// <summary>The values from <paramref name="start"/> and before <paramref name="end"/>.</summary>
    public static VersionBits Range(int length, int start, int end)
    {
        var none = None(length);
        if (none._more is { } more)
        {
            for (var i = 0; i < more.Length; i++)
            {
                more[i] = Word(start - ((i + 1) * WordSize), end - ((i + 1) * WordSize));
            }
        }

        return new VersionBits(Word(start, end), none._more);
    }

    /// <summary>The values of <paramref name="length"/> that a test picks.</summary>
    public static VersionBits Where(int length, Func<int, bool> isPicked)
    {
        var (first, more) = (0UL, length <= WordSize ? null : new ulong[(length - 1) / WordSize]);
        for (var value = 0; value < length; value++)
        {
            if (!isPicked(value))
            {
                continue;
            }

            if (value < WordSize)
            {
                first |= 1UL << value;
            }
            else
            {
                more![(value / WordSize) - 1] |= 1UL << (value % WordSize);
            }
        }

        return new VersionBits(first, more);
    }

    public bool Contains(int value) => value < WordSize
        ? (_first & (1UL << value)) != 0
        : (_more![(value / WordSize) - 1] & (1UL << (value % WordSize))) != 0;

    public bool IsSubsetOf(VersionBits other)
    {
        if ((_first & ~other._first) != 0)
        {
            return false;
        }

        for (var i = 0; i < _more.AsSpan().Length; i++)
        {
            if ((_more![i] & ~other._more![i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    public bool Overlaps(VersionBits other)
    {
        if ((_first & other._first) != 0)
        {
            return true;
        }

        for (var i = 0; i < _more.AsSpan().Length; i++)
        {
            if ((_more![i] & other._more![i]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(VersionBits other) => _first == other._first && _more.AsSpan().SequenceEqual(other._more);

    public override bool Equals(object? obj) => obj is VersionBits other && Equals(other);

    public override int GetHashCode() => _first.GetHashCode();

    /// <summary>The values, ascending.</summary>
    public IEnumerable<int> Values()
    {
        for (var value = 0; value < (_more.AsSpan().Length + 1) * WordSize; value++)
        {
            if (Contains(value))
            {
                yield return value;
            }
        }
    }

    public static VersionBits operator &(VersionBits left, VersionBits right)
    {
        var more = left._more is null ? null : new ulong[left._more.Length];
        for (var i = 0; i < more.AsSpan().Length; i++)
        {
            more![i] = left._more![i] & right._more![i];
        }

        return new VersionBits(left._first & right._first, more);
    }

    public static VersionBits operator |(VersionBits left, VersionBits right)
    {
        var more = left._more is null ? null : new ulong[left._more.Length];
        for (var i = 0; i < more.AsSpan().Length; i++)
        {
            more![i] = left._more![i] | right._more![i];
        }

        return new VersionBits(left._first | right._first, more);
    }

    /// <summary>What <paramref name="left"/> has and <paramref name="right"/> has not.</summary>
    public static VersionBits operator -(VersionBits left, VersionBits right)
    {
        var more = left._more is null ? null : new ulong[left._more.Length];
        for (var i = 0; i < more.AsSpan().Length; i++)
        {
            more![i] = left._more![i] & ~right._more![i];
        }

        return new VersionBits(left._first & ~right._first, more);
    }

    static ulong Word(int start, int end)
    {
        var (low, high) = (Math.Clamp(start, 0, WordSize), Math.Clamp(end, 0, WordSize));
        return low >= high ? 0 : (ulong.MaxValue >> (WordSize - (high - low))) << low;
    }
}
