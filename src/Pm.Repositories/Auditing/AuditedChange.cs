using System.Globalization;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages;

namespace Pm.Repositories.Auditing;

/// <summary>What somebody does to a repository.</summary>
/// <param name="Action">One of the words below, or what was asked for and refused.</param>
/// <param name="Subject">The package, the token, the key or the role; empty where it was refused before that was known.</param>
/// <param name="Detail">The package hash, the reason, the scopes, whose key it is.</param>
public sealed record AuditedChange(string Action, string Subject, string? Detail = null)
{
    public const string Publishing = "publish";
    public const string Yanking = "yank";
    public const string Unyanking = "unyank";
    public const string Removing = "remove";
    public const string Trusting = "trust";
    public const string Distrusting = "distrust";
    public const string ReplacingKey = "key replace";

    /// <summary>A change of root or targets that waits for signatures from then on.</summary>
    public const string Proposing = "change propose";

    /// <summary>Signatures for it came; with the last of them it is published.</summary>
    public const string Taking = "change sign";
    public const string Dropping = "change drop";

    /// <summary>In the place of a key: packages that nobody signed.</summary>
    public const string NotSigned = "unsigned";

    /// <param name="id">The package.</param>
    /// <param name="hash">Null where it travels as its <c>.pkg</c> alone.</param>
    /// <param name="digest">Of the <c>.pkg</c>.</param>
    public static AuditedChange Publish(PackageId id, MerkleRoot? hash, Sha256Digest? digest) =>
        new(Publishing, id.ToString(), hash?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"sha256 {digest}"));
}
