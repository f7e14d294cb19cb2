using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Private keys where they must not be: below what is served to everybody.</summary>
static class PrivateKeys
{
    /// <summary>A key says what it is in its first bytes.</summary>
    public const int HeadLength = 4096;

    /// <summary>
    /// Whether the file of that path has to be looked into. What a package contains may well be a key, a test's for
    /// example: it is public already.
    /// </summary>
    public static bool MayBe(ReadOnlySpan<char> path) => path.Contains('/') ? !ServedPath.IsFixed(path) : !path.EndsWith(".pkg");

    /// <summary>
    /// Whether a file that begins with these bytes is a private key, of a role, PEM, DER, OpenSSH or OpenPGP, or the database
    /// with a repository's tokens.
    /// </summary>
    public static bool IsOne(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(ByteOrderMark))
        {
            head = head[ByteOrderMark.Length..];
        }

        return IsArmoured(head) || IsRoleKey(head.TrimStart(" \t\r\n"u8)) || IsBinary(head);
    }

    /// <summary>Whether the file of that path, which begins with these bytes, is one: also compressed, or under a package's name.</summary>
    public static bool Holds(ReadOnlySpan<char> path, ReadOnlySpan<byte> head)
    {
        if (!MayBe(path))
        {
            // Every package is a tar archive.
            return !path.Contains('/') && !IsTar(head) && IsOne(head);
        }

        return IsOne(head) || (!ServedPath.IsFixed(path) && IsCompressed(head) && IsOne(Beginning(head)));
    }

    /// <summary>
    /// The first private key below a served directory, or null. The directories of single packages, hundreds of thousands,
    /// are not gone into: a key in one is found when it is asked for, and not served.
    /// </summary>
    public static string? Find(DirectoryHandle served) => Of(served, isWhole: false).FirstOrDefault();

    /// <summary>All private keys below a served directory, those in the directories of single packages too.</summary>
    public static IEnumerable<string> All(DirectoryHandle served) => Of(served, isWhole: true);

    static IEnumerable<string> Of(DirectoryHandle served, bool isWhole)
    {
        foreach (var entry in served.Entries())
        {
            if (entry.Kind is FileKind.Directory)
            {
                using var directory = served.TryOpenBeneath(entry.Name);
                foreach (var found in directory is null ? [] : In(directory, $"{entry.Name}/", IsOfPackages(entry.Name) && !isWhole ? 0 : MaximumDepth))
                {
                    yield return found;
                }
            }
            else if (IsOneAt(served, entry.Name, entry.Name))
            {
                yield return entry.Name;
            }
        }
    }

    const int MaximumDepth = 8;
    const int TarMagicOffset = 257;

    static ReadOnlySpan<byte> TarMagic => "ustar"u8;

    static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    static bool IsTar(ReadOnlySpan<byte> head) => head.Length >= TarMagicOffset && head[TarMagicOffset..].StartsWith(TarMagic);

    static bool IsArmoured(ReadOnlySpan<byte> head) =>
        head.IndexOf("-----BEGIN "u8) is >= 0 and var begin && head[begin..] is var armour
        && armour[..Math.Min(armour.Length, 100)].IndexOf("PRIVATE KEY"u8) >= 0;

    static bool IsBinary(ReadOnlySpan<byte> head)
    {
        // An OpenPGP secret key packet, old and new format, version 3 to 6. Source: RFC 9580 4.2, 5.5.
        if (head.Length > 3 && (head[0] is >= 0x94 and <= 0x97 ? head[0] == 0x94 ? head[2] : head[3] : head[0] == 0xc5 ? 4 : 0) is >= 3 and <= 6)
        {
            return true;
        }

        // PKCS #8 of an Ed25519 key in DER. Source: RFC 8410 7.
        return head.StartsWith((ReadOnlySpan<byte>)[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70])
            || head.StartsWith("SQLite format 3\0"u8);
    }

    static bool IsCompressed(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]);

    /// <summary>As much of a compressed file as its first bytes tell.</summary>
    static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> compressed)
    {
        var plain = new byte[HeadLength];
        var filled = 0;
        try
        {
            using var source = new MemoryStream(compressed.ToArray());
            using var decoder = Decompressor.Open(source, Compression.Zstandard);
            for (int read; filled < plain.Length && (read = decoder.Read(plain.AsSpan(filled))) > 0;)
            {
                filled += read;
            }
        }
        catch (CodecException)
        {
            // It is cut, as every longer file is here, or damaged: what came before is looked at.
        }

        return plain.AsSpan(0, filled);
    }

    /// <summary>keys/ROLE.json, in the clear or encrypted (docs/formats/tuf.md), or one key of it; metadata begins with another member.</summary>
    static bool IsRoleKey(ReadOnlySpan<byte> json)
    {
        if (!json.StartsWith("{"u8))
        {
            return false;
        }

        json = json[1..].TrimStart(" \t\r\n"u8);
        return json.StartsWith("\"encrypted\""u8)
            || ((json.StartsWith("\"key"u8) || json.StartsWith("\"scheme\""u8) || json.StartsWith("\"data\""u8)) && json.IndexOf("\"private\""u8) >= 0);
    }

    static bool IsOfPackages(string directory) => directory is RepositoryLayout.Targets or RepositoryLayout.Signatures;

    static IEnumerable<string> In(DirectoryHandle directory, string prefix, int depth)
    {
        foreach (var entry in directory.Entries())
        {
            var path = prefix + entry.Name;
            if (entry.Kind is FileKind.Directory && depth > 0)
            {
                using var child = directory.TryOpenBeneath(entry.Name);
                foreach (var found in child is null ? [] : In(child, $"{path}/", depth - 1))
                {
                    yield return found;
                }
            }
            else if (entry.Kind is FileKind.Regular && IsOneAt(directory, entry.Name, path))
            {
                yield return path;
            }
        }
    }

    static bool IsOneAt(DirectoryHandle directory, string name, string path)
    {
        if (!MayBe(path) || directory.Status(name) is not { IsRegular: true })
        {
            return false;
        }

        try
        {
            using var file = directory.TryOpenRead(name);
            Span<byte> head = stackalloc byte[HeadLength];
            return file is not null && Holds(path, head[..RandomAccess.Read(file, head, 0)]);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.ELOOP or Errno.EISDIR or Errno.EINVAL)
        {
            // What this process may not read it cannot serve.
            return false;
        }
    }
}
