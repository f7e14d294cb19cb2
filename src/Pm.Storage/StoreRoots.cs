using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Linux;

namespace Pm.Storage;

/// <summary>
/// The roots that use a store: <c>roots/&lt;id&gt;.json</c>, each with what its kept generations need, so that a root that
/// cannot be reached now (an unplugged disk, another user's home) loses nothing.
/// </summary>
public sealed class StoreRoots
{
    const int Format = 1;
    const int MaximumSize = 64 * 1024 * 1024;
    const string Suffix = ".json";
    const int IdLength = 32;

    readonly Store _store;

    public StoreRoots(Store store) => _store = store;

    /// <summary>A root is known by its path, so that a copy of it never stands for the original.</summary>
    public static string IdOf(string rootPath) =>
        Sha256Digest.Of(Encoding.UTF8.GetBytes(rootPath)).ToString()[..IdLength];

    /// <summary>All of them, by path.</summary>
    /// <exception cref="StoreException">PM4002: one cannot be read, so nothing may be collected.</exception>
    public ImmutableArray<StoreRoot> All()
    {
        using var directory = _store.Top.TryOpenBeneath(Store.RootsDirectory);
        return directory is null ? [] : [.. directory.Entries()
            .Where(e => e.Name.EndsWith(Suffix, StringComparison.Ordinal) && e.Name[0] != '.')
            .Select(e => Parse(directory.TryReadFile(e.Name, MaximumSize) ?? [], Path.Join(directory.Path, e.Name)))
            .OrderBy(r => r.Path, StringComparer.Ordinal)];
    }

    /// <summary>What is recorded of the root at <paramref name="rootPath"/>.</summary>
    public StoreRoot? Find(string rootPath)
    {
        using var directory = _store.Top.TryOpenBeneath(Store.RootsDirectory);
        var name = IdOf(rootPath) + Suffix;
        return directory?.TryReadFile(name, MaximumSize) is { } bytes
            ? Parse(bytes, Path.Join(directory.Path, name))
            : null;
    }

    /// <summary>Records, durably, that the root needs these packages; nothing is written when it is so already.</summary>
    public void Save(StoreRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var bytes = ToBytes(root);
        using var directory = _store.Top.OpenOrMakeBeneath(Store.RootsDirectory, Store.DirectoryMode);
        var name = IdOf(root.Path) + Suffix;
        if (directory.TryReadFile(name, MaximumSize)?.AsSpan().SequenceEqual(bytes) != true)
        {
            DurableFile.Replace(directory, name, bytes);
        }
    }

    /// <summary>Forgets a root; what only it needed is collected next time.</summary>
    public void Remove(string rootPath)
    {
        using var directory = _store.Top.OpenBeneath(Store.RootsDirectory);
        directory.RemoveTree(IdOf(rootPath) + Suffix);
        directory.Sync();
    }

    internal static byte[] ToBytes(StoreRoot root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, StorageJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("path", root.Path);
            writer.WriteStartArray("packages");
            foreach (var package in root.Packages.Distinct().Order())
            {
                writer.WriteStringValue(package.ToString());
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    internal static StoreRoot Parse(ReadOnlyMemory<byte> bytes, string where)
    {
        using var document = StorageJson.Open(bytes, MaximumSize, where);
        return StorageJson.Read(where, () =>
        {
            StorageJson.RequireFormat(document.RootElement, Format, where);
            return new StoreRoot(
                StorageJson.Text(document.RootElement.GetProperty("path")),
                [.. document.RootElement.GetProperty("packages").EnumerateArray()
                    .Select(p => MerkleRoot.Parse(StorageJson.Text(p)))]);
        });
    }
}
