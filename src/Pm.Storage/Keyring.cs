using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Pm.Linux;
using Pm.Storage.Keys;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Storage;

/// <summary>
/// The public keys of a root and what its owner said about them, one key a file: <c>&lt;FPR&gt;.gpg</c> as any OpenPGP tool reads
/// it, <c>&lt;FPR&gt;.json</c> for the trust. Never a secret key. See docs/formats/keyring.md.
/// </summary>
public sealed class Keyring
{
    /// <summary>A file to import may be at most this long, in bytes.</summary>
    public const int MaximumImportSize = 16 * 1024 * 1024;

    const int Format = 1;
    const int MaximumKeySize = 4 * 1024 * 1024;
    const int MaximumRecordSize = 64 * 1024;
    const int MaximumKeys = 10_000;
    const string KeySuffix = ".gpg";
    const string RecordSuffix = ".json";
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    readonly string _path;

    /// <param name="path">The directory; it is made when the first key is imported.</param>
    public Keyring(string path) => _path = path;

    /// <summary>The ring of a root.</summary>
    public static Keyring Of(Root root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return new Keyring(System.IO.Path.Join(root.StatePath, "keyring"));
    }

    public string Path => _path;

    /// <summary>All keys by fingerprint.</summary>
    /// <exception cref="StoreException">PM4002: a record is damaged.</exception>
    public IReadOnlyDictionary<Fingerprint, KnownKey> Keys()
    {
        using var directory = DirectoryHandle.TryOpen(_path);
        var keys = new SortedDictionary<Fingerprint, KnownKey>();
        foreach (var fingerprint in Fingerprints(directory))
        {
            keys.Add(fingerprint, Read(directory!, fingerprint));
        }
        return keys;
    }

    /// <summary>The key that <paramref name="selector"/> names: a fingerprint, the end of it, or part of a user id.</summary>
    /// <exception cref="StoreException">PM4033: none or several.</exception>
    public KnownKey Find(string selector)
    {
        var fitting = Keys().Values.Where(k => KeySelector.Fits(selector, k.Fingerprint, k.UserId)).ToList();
        return fitting switch
        {
            [var one] => one,
            [] => throw new StoreException("PM4033", $"no key in the ring fits `{ShownText.Of(selector)}`", "pm key list"),
            _ => throw new StoreException(
                "PM4033", $"{fitting.Count} keys fit `{ShownText.Of(selector)}`: {string.Join(", ", fitting.Select(k => k.Fingerprint))}",
                "pm key list"),
        };
    }

    /// <summary>All public keys one after the other: a ring that gpgv reads.</summary>
    public byte[] RingBytes()
    {
        using var directory = DirectoryHandle.TryOpen(_path);
        var ring = new ArrayBufferWriter<byte>();
        foreach (var fingerprint in Fingerprints(directory))
        {
            ring.Write(directory!.TryReadFile(fingerprint + KeySuffix, MaximumKeySize));
        }
        return ring.WrittenSpan.ToArray();
    }

    /// <summary>Takes keys in. A key that is there already is renewed and keeps the trust it has, or gets more.</summary>
    /// <param name="file">Armoured or binary, one key or several.</param>
    /// <param name="where">The file's name, for messages.</param>
    /// <exception cref="StoreException">PM4031, PM4032: not public keys; nothing was kept.</exception>
    public IReadOnlyList<ImportedKey> Import(
        ReadOnlyMemory<byte> file, string where, bool trust, DateTimeOffset now, OpenPgpProgram program,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (file.Length > MaximumImportSize)
        {
            throw new StoreException("PM4031", $"{where}: expected at most {MaximumImportSize} bytes of keys, got {file.Length}");
        }
        var read = program.ReadPublicKeys(file, where, cancellation);
        var known = Keys();
        using var directory = DirectoryHandle.OpenOrMake(_path, Root.DirectoryMode);
        var imported = new List<ImportedKey>();
        foreach (var (listed, bytes) in read)
        {
            var before = known.GetValueOrDefault(listed.Fingerprint);
            var state = trust ? TrustState.Trusted : before?.State ?? TrustState.Known;
            var key = listed.ToKnown(before?.State is TrustState.Revoked ? TrustState.Revoked : state);
            // The key first: a key without a record is known and not trusted, a record without a key is nothing.
            DurableFile.Replace(directory, listed.Fingerprint + KeySuffix, bytes);
            DurableFile.Replace(directory, listed.Fingerprint + RecordSuffix, ToBytes(key, now));
            imported.Add(new ImportedKey(key, before is null));
        }
        return imported;
    }

    /// <summary>Says whether the signatures of a key are to be believed.</summary>
    /// <exception cref="StoreException">PM4033: no such key, or its owner revoked it.</exception>
    public KnownKey Trust(Fingerprint fingerprint, bool trust, DateTimeOffset now)
    {
        var key = Find(fingerprint.ToString());
        if (key.State is TrustState.Revoked)
        {
            throw new StoreException("PM4033", $"the key {fingerprint} was revoked by its owner and cannot be trusted");
        }
        key = key with { State = trust ? TrustState.Trusted : TrustState.Known };
        using var directory = DirectoryHandle.Open(_path);
        DurableFile.Replace(directory, fingerprint + RecordSuffix, ToBytes(key, now));
        return key;
    }

    /// <summary>The public key, armoured.</summary>
    /// <exception cref="StoreException">PM4033: no such key.</exception>
    public string Export(Fingerprint fingerprint)
    {
        using var directory = DirectoryHandle.TryOpen(_path);
        return directory?.TryReadFile(fingerprint + KeySuffix, MaximumKeySize) is { } bytes
            ? Armor.OfPublicKey(bytes)
            : throw new StoreException("PM4033", $"no key {fingerprint} in the ring", "pm key list");
    }

    /// <summary>Forgets a key. What it signed stays installed.</summary>
    /// <exception cref="StoreException">PM4033: no such key.</exception>
    public void Remove(Fingerprint fingerprint)
    {
        Find(fingerprint.ToString());
        using var directory = DirectoryHandle.Open(_path);
        // The trust first, for the same reason.
        directory.RemoveTree(fingerprint + RecordSuffix);
        directory.Sync();
        directory.RemoveTree(fingerprint + KeySuffix);
        directory.Sync();
    }

    static List<Fingerprint> Fingerprints(DirectoryHandle? directory) => directory is null ? [] : [.. directory.Entries()
        .Where(e => e.Name.EndsWith(KeySuffix, StringComparison.Ordinal))
        .Select(e => Fingerprint.TryParse(e.Name[..^KeySuffix.Length], out var f) ? f : (Fingerprint?)null)
        .OfType<Fingerprint>().Take(MaximumKeys).Order()];

    static KnownKey Read(DirectoryHandle directory, Fingerprint fingerprint)
    {
        var name = fingerprint + RecordSuffix;
        if (directory.TryReadFile(name, MaximumRecordSize) is not { } bytes)
        {
            return new KnownKey(fingerprint, "", TrustState.Known);
        }
        var where = System.IO.Path.Join(directory.Path, name);
        using var document = StorageJson.Open(bytes, MaximumRecordSize, where);
        return StorageJson.Read(where, () =>
        {
            var json = document.RootElement;
            StorageJson.RequireFormat(json, Format, where);
            return new KnownKey(
                fingerprint,
                json.GetProperty("user").GetString()!,
                json.GetProperty("trust").GetString() switch
                {
                    "trusted" => TrustState.Trusted,
                    "known" => TrustState.Known,
                    "revoked" => TrustState.Revoked,
                    var other => throw new FormatException($"trust: expected trusted, known or revoked, got {other}"),
                },
                json.TryGetProperty("created", out var created) ? created.GetDateTimeOffset() : null,
                json.TryGetProperty("expires", out var expires) ? expires.GetDateTimeOffset() : null);
        });
    }

    static byte[] ToBytes(KnownKey key, DateTimeOffset since)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, StorageJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("fingerprint", key.Fingerprint.ToString());
            writer.WriteString("user", key.UserId);
            writer.WriteString("trust", key.State switch
            {
                TrustState.Trusted => "trusted",
                TrustState.Known => "known",
                _ => "revoked",
            });
            WriteTime(writer, "since", since);
            WriteTime(writer, "created", key.Created);
            WriteTime(writer, "expires", key.Expires);
            writer.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, known.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        }
    }
}
