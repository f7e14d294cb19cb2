using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Daemon.Pages.Errors;

/// <summary>What is not there, or cannot be shown now.</summary>
public sealed record ErrorPage : Page
{
    readonly int _status;

    internal ErrorPage(int status, string code, string message, string? hint = null) =>
        (_status, Code, Message, Hint) = (status, code, message, hint);

    /// <summary>PMnnnn.</summary>
    public string Code { get; }

    public string Message { get; }

    public string? Hint { get; }

    /// <summary>What was perhaps meant.</summary>
    public ImmutableArray<Suggestion> Suggestions { get; init; } = [];

    internal override string Kind => "error";

    internal override string Title => Status == StatusCodes.Status404NotFound ? "Not found" : "Not now";

    internal override Type View => typeof(ErrorView);

    internal override int Status => _status;

    internal override void WriteTo(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, PageJson.Default.ErrorPage);
}
