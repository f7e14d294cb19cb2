using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Pm.Linux;
using Pm.Remotes;
using Pm.Remotes.Publishing;
using Pm.Storage;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Stages.Publishing;

/// <summary>
/// The tokens that a root's owner publishes with, by the URL of the repository: <c>secrets/tokens.json</c> in its state,
/// 0600 in 0700. By the URL and not by the remote's name: a name may be pointed elsewhere. See docs/formats/root.md.
/// </summary>
public sealed class TokenFile
{
    const string DirectoryName = "secrets";
    const string FileName = "tokens.json";
    const int Format = 1;
    const int MaximumSize = 1024 * 1024;
    const int DirectoryMode = 0b111_000_000;
    const int FileMode = 0b110_000_000;

    readonly ImmutableSortedDictionary<string, string> _tokens;

    TokenFile(ImmutableSortedDictionary<string, string> tokens) => _tokens = tokens;

    /// <summary>The URLs that there are tokens for.</summary>
    public IEnumerable<string> Urls => _tokens.Keys;

    /// <summary>Those of a root; none where it keeps none.</summary>
    /// <exception cref="StoreException">PM4002: the file is damaged.</exception>
    public static TokenFile Load(Root root)
    {
        ArgumentNullException.ThrowIfNull(root);
        using var state = DirectoryHandle.Open(root.StatePath);
        using var secrets = state.TryOpenBeneath(DirectoryName);
        return secrets?.TryReadFile(FileName, MaximumSize) is { } bytes
            ? Parse(bytes, Path.Join(secrets.Path, FileName))
            : new TokenFile(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
    }

    /// <summary>The token for a repository, or null.</summary>
    public string? Find(RemoteUrl url) => _tokens.GetValueOrDefault(PublishingAddress.KeyOf(url));

    public TokenFile With(RemoteUrl url, string token) => new(_tokens.SetItem(PublishingAddress.KeyOf(url), token));

    public TokenFile Without(RemoteUrl url) => new(_tokens.Remove(PublishingAddress.KeyOf(url)));

    /// <summary>Writes them durably. The caller holds the root's lock.</summary>
    public void Save(RootWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var state = DirectoryHandle.Open(writer.Root.StatePath);
        using var secrets = state.OpenOrMakeBeneath(DirectoryName, DirectoryMode);
        DurableFile.ClearLeft(secrets);
        DurableFile.Replace(secrets, FileName, ToBytes(), FileMode);
        state.Sync();
    }

    internal static TokenFile Parse(ReadOnlySpan<byte> bytes, string where)
    {
        try
        {
            var fields = new JsonFields(StrictJson.Parse(bytes, MaximumSize, where), where);
            return fields.Number("format", 1) == Format
                ? new TokenFile(fields.Child("tokens").Members.ToImmutableSortedDictionary(
                    member => member.Name, member => member.Value.ValueKind is JsonValueKind.String
                        ? member.Value.GetString()!
                        : throw new MetadataException($"{where}: tokens: expected strings"), StringComparer.Ordinal))
                : throw new StoreException("PM4001", $"{where}: expected format {Format}: update pm");
        }
        catch (TrustException e)
        {
            // What is quoted of it could be a secret.
            throw new StoreException("PM4002", $"{where}: not a list of tokens", $"rm {where}", e);
        }
    }

    byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format"u8, Format);
            json.WriteStartObject("tokens"u8);
            foreach (var (url, token) in _tokens)
            {
                json.WriteString(url, token);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
