using System.Text.Json;
using System.Text.Json.Serialization;
using Pm.Packages;

namespace Pm.Daemon.Pages;

/// <summary>Names in JSON: as text.</summary>
sealed class PackageNameText : JsonConverter<PackageName>
{
    public override PackageName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => PackageName.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, PackageName value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
