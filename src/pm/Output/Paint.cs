namespace Pm.Cli.Output;

/// <summary>Colours text, or leaves it alone. Nothing is said by colour only.</summary>
/// <remarks>Source: ECMA-48 SGR.</remarks>
readonly record struct Paint(bool IsOn)
{
    public string Bold(string text) => With("1", text);

    public string Red(string text) => With("1;31", text);

    public string Cyan(string text) => With("36", text);

    string With(string parameters, string text) => IsOn ? $"\e[{parameters}m{text}\e[0m" : text;
}
