using System.Text.Json.Serialization;
using Pm.Daemon.Pages.Start;

namespace Pm.Daemon.Pages;

/// <summary>How the values of pages are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(StartPage))]
sealed partial class PageJson : JsonSerializerContext;
