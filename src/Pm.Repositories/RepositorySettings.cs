using System.Text.Json;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary><c>settings.json</c> beside <c>repository/</c>: what the publisher chose. Not served.</summary>
sealed record RepositorySettings
{
    public const string FileName = "settings.json";
    public const int MaximumLength = 64 * 1024;
    const int Format = 1;
    public const int DefaultBinsAbove = 1000;

    public RoleLifetimes Lifetimes { get; init; } = new();

    /// <summary>Whether packages are taken that nobody signed.</summary>
    public bool AllowsUnsigned { get; init; }

    /// <summary>With more targets than this they go to hashed bins, and stay there.</summary>
    public int BinsAbove { get; init; } = DefaultBinsAbove;

    /// <summary>As it is where the keys of the targets lie elsewhere: they sign as seldom as the root's.</summary>
    public RepositorySettings WithLongTargets() => Lifetimes.Targets >= Lifetimes.Root ? this : this with { Lifetimes = Lifetimes with { Targets = Lifetimes.Root } };

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteStartObject("expires_days");
            foreach (var role in RootMetadata.TopLevelRoles.Append(HashBins.Role))
            {
                json.WriteNumber(role, (int)Lifetimes.Of(role).TotalDays);
            }

            json.WriteEndObject();
            if (BinsAbove != DefaultBinsAbove)
            {
                json.WriteNumber("bins_above", BinsAbove);
            }

            if (AllowsUnsigned)
            {
                json.WriteBoolean("allows_unsigned", true);
            }

            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <exception cref="RepositoryException">PM5008: it is not such a file, or of a later version of pm.</exception>
    public static RepositorySettings Parse(byte[] bytes, string where)
    {
        try
        {
            var fields = new JsonFields(StrictJson.Parse(bytes, MaximumLength, where), where);
            if (fields.Number("format", 1) is var format && format != Format)
            {
                throw new RepositoryException("PM5008", $"{where}: expected format {Format}, got {format}: update pm");
            }

            var days = fields.Child("expires_days");
            int Days(string role) => (int)Math.Min(days.Number(role, 1), int.MaxValue);
            return new RepositorySettings
            {
                Lifetimes = new RoleLifetimes
                {
                    Root = Days("root"),
                    Targets = Days("targets"),
                    Snapshot = Days("snapshot"),
                    Timestamp = Days("timestamp"),
                    Bins = days.Find(HashBins.Role) is null ? new RoleLifetimes().Bins : Days(HashBins.Role),
                }.Checked(where),
                BinsAbove = (int)Math.Min(fields.FindNumber("bins_above", 0) ?? DefaultBinsAbove, int.MaxValue),
                AllowsUnsigned = fields.FindBoolean("allows_unsigned") ?? false,
            };
        }
        catch (TrustException exception)
        {
            throw new RepositoryException("PM5008", exception.Message, inner: exception);
        }
    }
}
