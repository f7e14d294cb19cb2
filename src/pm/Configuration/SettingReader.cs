using System.Diagnostics.CodeAnalysis;

namespace Pm.Cli.Configuration;

/// <summary>Makes a value of a text; false: the text is none.</summary>
delegate bool SettingReader<T>(string text, [MaybeNullWhen(false)] out T value);
