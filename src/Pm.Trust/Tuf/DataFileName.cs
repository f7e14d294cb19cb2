using System.Text;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>
/// A name that is data (of a role, of a target) as that of one file: what is not an ASCII letter, a digit or one of <c>-_.~</c>
/// is escaped as in URLs. One that would be too long for a file is named by its digest, with a letter that no other can have.
/// </summary>
public static class DataFileName
{
    /// <summary>Leaves room for a version before it and an ending after it.</summary>
    const int Longest = 200;

    /// <param name="name">Anything.</param>
    public static string Of(string name)
    {
        var escaped = Uri.EscapeDataString(name);
        return escaped.Length <= Longest ? escaped : $"={Sha256Digest.Of(Encoding.UTF8.GetBytes(name))}";
    }
}
