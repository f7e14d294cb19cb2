using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pm.Daemon.Pages;

/// <summary>Times in JSON as everywhere in pm: to the second, in UTC.</summary>
sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Html.Wording.Moment(value));
}
