using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Pm.Linux;
using Pm.Remotes;
using Pm.Storage;

namespace Pm.Stages.Roots;

/// <summary>The remotes of a root, in the order of preference: <c>remotes.json</c> in its state. See docs/formats/root.md.</summary>
/// <remarks>
/// An array, as the original's. pm writes objects of a name and a URL; a plain string, or the object that Go makes of
/// its <c>url.URL</c>, is read too and named after its last part.
/// </remarks>
public sealed class RemoteList
{
    const string FileName = "remotes.json";
    const int MaximumSize = 1024 * 1024;
    const int MaximumCount = 1000;

    /// <summary>Mirrors of one remote.</summary>
    public const int MaximumMirrors = 100;

    RemoteList(ImmutableArray<RemoteDefinition> remotes) => Remotes = remotes;

    /// <summary>The first that has a package wins it.</summary>
    public ImmutableArray<RemoteDefinition> Remotes { get; }

    /// <summary>The remote of that name, or null.</summary>
    public RemoteDefinition? Find(string name) => Remotes.FirstOrDefault(r => r.Name == name);

    /// <summary>The list of a root; empty where none was ever added.</summary>
    /// <exception cref="StoreException">PM4002: the file is damaged.</exception>
    public static RemoteList Load(Root root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var path = System.IO.Path.Join(root.StatePath, FileName);
        using var state = DirectoryHandle.Open(root.StatePath);
        return state.TryReadFile(FileName, MaximumSize) is { } bytes ? Parse(bytes, path) : new RemoteList([]);
    }

    /// <summary>With one more, after all others.</summary>
    public RemoteList With(RemoteDefinition remote) => new(Remotes.Add(remote));

    /// <summary>With <paramref name="remote"/> in the place of the one of its name.</summary>
    public RemoteList Replacing(RemoteDefinition remote) => new([.. Remotes.Select(r => r.Name == remote.Name ? remote : r)]);

    /// <summary>Without the one of that name.</summary>
    public RemoteList Without(string name) => new([.. Remotes.Where(r => r.Name != name)]);

    /// <summary>Writes it durably. The caller holds the root's lock.</summary>
    public void Save(RootWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        DurableFile.Replace(System.IO.Path.Join(writer.Root.StatePath, FileName), ToBytes());
    }

    internal byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var remote in Remotes)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, remote.Name);
                json.WriteString("url"u8, remote.Url.Text);
                WriteMirrors(json, remote);
                if (remote.IsPlain)
                {
                    json.WriteBoolean("plain"u8, true);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    internal static RemoteList Parse(ReadOnlyMemory<byte> bytes, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8 });
            var list = new RemoteList([]);
            var count = document.RootElement.GetArrayLength();
            if (count > MaximumCount)
            {
                throw new StoreException("PM4002", $"{where}: expected at most {MaximumCount} remotes, got {count}");
            }

            foreach (var element in document.RootElement.EnumerateArray())
            {
                list = list.With(Read(element, list));
            }

            return list;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or RemoteException)
        {
            throw new StoreException("PM4002", $"{where}: not a list of remotes: {e.Message}", "pm remote add URL", e);
        }
    }

    static RemoteDefinition Read(JsonElement element, RemoteList before)
    {
        if (element.ValueKind is JsonValueKind.Object && element.TryGetProperty("url"u8, out var text))
        {
            return new RemoteDefinition(Text(element.GetProperty("name"u8)), RemoteUrl.Parse(Text(text), "/"))
            {
                Mirrors = element.TryGetProperty("mirrors"u8, out var mirrors) ? ReadMirrors(mirrors) : [],
                IsPlain = element.TryGetProperty("plain"u8, out var plain) && plain.GetBoolean(),
            };
        }

        var url = RemoteUrl.Parse(element.ValueKind is JsonValueKind.String ? element.GetString()! : GoUrl(element), "/");
        return new RemoteDefinition(RemoteDefinition.SuggestName(url, [.. before.Remotes.Select(r => r.Name)]), url);
    }

    static ImmutableArray<RemoteUrl> ReadMirrors(JsonElement mirrors) => mirrors.GetArrayLength() <= MaximumMirrors
        ? [.. mirrors.EnumerateArray().Select(m => RemoteUrl.Parse(Text(m), "/"))]
        : throw new FormatException($"expected at most {MaximumMirrors} mirrors, got {mirrors.GetArrayLength()}");

    static void WriteMirrors(Utf8JsonWriter json, RemoteDefinition remote)
    {
        if (!remote.Mirrors.IsEmpty)
        {
            json.WriteStartArray("mirrors"u8);
            foreach (var mirror in remote.Mirrors)
            {
                json.WriteStringValue(mirror.Text);
            }

            json.WriteEndArray();
        }
    }

    static string Text(JsonElement element) => element.GetString() ?? throw new FormatException("expected a text, got null");

    static string GoUrl(JsonElement element) =>
        $"{element.GetProperty("Scheme"u8).GetString()}://{element.GetProperty("Host"u8).GetString()}{element.GetProperty("Path"u8).GetString()}";
}
