namespace Pm.Trust.Tuf;

/// <summary>Metadata is past its expiry: the repository is not maintained, or somebody freezes the client in the past.</summary>
public sealed class ExpiredException : TrustException
{
    internal ExpiredException(string message, DateTimeOffset expired) : base("PM3022", message) =>
        Expired = expired;

    public DateTimeOffset Expired { get; }
}
