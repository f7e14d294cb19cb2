using System.Numerics;

namespace Pm.Packages.Tests.Versions;

/// <summary>SemVer 2.0 §11, written as the paragraph reads and sharing nothing with the code under test.</summary>
static class SemVerOracle
{
    public static int Compare(string left, string right)
    {
        var (a, b) = (Split(left), Split(right));
        for (var i = 0; i < 3; i++)
        {
            if (a.Core[i] != b.Core[i])
            {
                return a.Core[i] < b.Core[i] ? -1 : 1;
            }
        }

        if (a.Pre is null || b.Pre is null)
        {
            return (a.Pre is null ? 1 : 0) - (b.Pre is null ? 1 : 0);
        }

        foreach (var (x, y) in a.Pre.Zip(b.Pre))
        {
            var (xn, yn) = (BigInteger.TryParse(x, out var xv) && x.All(char.IsAsciiDigit), BigInteger.TryParse(y, out var yv) && y.All(char.IsAsciiDigit));
            var order = xn && yn ? xv.CompareTo(yv) : xn ? -1 : yn ? 1 : string.CompareOrdinal(x, y);
            if (order != 0)
            {
                return Math.Sign(order);
            }
        }

        return Math.Sign(a.Pre.Length - b.Pre.Length);
    }

    static (BigInteger[] Core, string[]? Pre) Split(string text)
    {
        var main = text.Split('+')[0].Split('-', 2);
        return ([.. main[0].Split('.').Select(BigInteger.Parse)], main.Length == 2 ? main[1].Split('.') : null);
    }
}
