using System.Text.Json.Serialization;

namespace Pm.Cli.Registries;

/// <summary>A quoted text of JSON is one of YAML, too.</summary>
[JsonSerializable(typeof(string))]
sealed partial class LabelJson : JsonSerializerContext;
