namespace Pm.Trust.Tuf;

/// <summary>A file is not the one that signed metadata names: another length, hash or version (mix-and-match).</summary>
public sealed class MismatchException : TrustException
{
    internal MismatchException(string message) : base("PM3024", message)
    {
    }
}
