using System.Text.Json;
using System.Text.Json.Serialization;
using Pm.Packages;

namespace Pm.Daemon.Pages;

/// <summary>Versions in JSON: as text.</summary>
sealed class PackageVersionText : JsonConverter<PackageVersion>
{
    public override PackageVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => PackageVersion.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, PackageVersion value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
