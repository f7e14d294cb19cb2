using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>The names of members. Source: docs/formats/pkg.md.</summary>
public static class PkgNames
{
    public const string Manifest = "manifest.sha256";
    public const string Signature = "manifest.sha256.asc";

    /// <summary>The publisher's manifest in a package that was rebuilt from blobs, byte for byte.</summary>
    public const string Origin = "origin.sha256";

    public const string OriginSignature = "origin.sha256.asc";
    public const string Hash = "package.merkle";
    public const string Description = "meta.yaml";
    public const string Bom = "bom.sha256";
    public const string Root = "root.tar";
    public const string HookFolder = "bin";
    public const string MetaFolder = "meta";

    /// <summary><c>root.tar</c> with the suffix of its compression.</summary>
    public static string RootName(Compression compression) => Root + CompressionFormat.Suffix(compression);

    public static bool IsRoot(string name) =>
        name is Root or Root + ".bz2" or Root + ".zst" or Root + ".gz" or Root + ".xz";

    /// <summary>Members that the manifest cannot list: it does not know its own digest.</summary>
    public static bool IsOutsideManifest(string name) => name is Manifest or Signature;

    public static bool IsKnownFile(string name) =>
        name is Manifest or Signature or Origin or OriginSignature or Hash or Description or Bom
        || IsRoot(name)
        || name.StartsWith(MetaFolder + "/", StringComparison.Ordinal)
        || (name.StartsWith(HookFolder + "/", StringComparison.Ordinal)
            && HookNames.TryParse(name[(HookFolder.Length + 1)..], out _));

    public static bool IsKnownDirectory(string name) =>
        name is "." or HookFolder or MetaFolder || name.StartsWith(MetaFolder + "/", StringComparison.Ordinal);

    /// <summary>The name in <c>meta.far</c> of the member <c>bin/…</c> or <c>meta/…</c>.</summary>
    public static string MetaName(string member) =>
        member.StartsWith(HookFolder + "/", StringComparison.Ordinal) ? $"{MetaFolder}/{member}" : member;

    /// <summary>A path as archives made by hand write it, without <c>./</c> in front.</summary>
    internal static string Plain(string path)
    {
        while (path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..].TrimStart('/');
        }

        return path.Length == 0 ? "." : path;
    }
}
