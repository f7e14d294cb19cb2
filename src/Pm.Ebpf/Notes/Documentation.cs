using System.Collections.Immutable;
using System.Text;

namespace Pm.Ebpf.Notes;

/// <summary>What a comment says, by its words that begin with <c>@</c>.</summary>
/// <param name="Description">What stands before any such word, or behind <c>@description</c> or <c>@brief</c>.</param>
/// <param name="Details">Behind <c>@details</c>.</param>
/// <param name="Flag">Behind <c>@cmdarg</c>; null: not said.</param>
/// <param name="Sample">Behind <c>@sample</c>; null: not said.</param>
sealed record Documentation(string Description, string Details, string? Flag, string? Sample)
{
    public static Documentation Of(ImmutableArray<string> lines)
    {
        var parts = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        var word = "";
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.Length > 1 && text[0] is '@' or '\\' && char.IsAsciiLetter(text[1]))
            {
                var end = 1;
                while (end < text.Length && char.IsAsciiLetter(text[end]))
                {
                    end++;
                }

                (word, text) = (text[1..end], text[end..].Trim());
            }

            if (!parts.TryGetValue(word, out var part))
            {
                parts.Add(word, part = new StringBuilder());
            }

            part.Append(part.Length == 0 || text.Length == 0 ? "" : " ").Append(text);
            // What stands below an object is the description again.
            word = word is "cmdarg" or "sample" && text.EndsWith('}') ? "" : word;
        }

        string Said(string name) => parts.TryGetValue(name, out var part) ? part.ToString() : "";
        var description = new[] { Said("description"), Said("brief"), Said("") }.FirstOrDefault(t => t.Length > 0) ?? "";
        return new Documentation(
            Bare(description), Bare(Said("details")), parts.ContainsKey("cmdarg") ? Said("cmdarg") : null, parts.ContainsKey("sample") ? Said("sample") : null);
    }

    static string Bare(string text) => text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
}
