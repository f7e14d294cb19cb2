using System.Text;

namespace Pm.Packages;

/// <summary>Writes a <c>meta.yaml</c>: one text for one description. Source: docs/formats/meta-yaml.md.</summary>
static class DescriptionWriter
{
    public static byte[] ToBytes(PackageDescription description)
    {
        var yaml = new StringBuilder();
        Field(yaml, "name", description.Name.Text);
        Field(yaml, "version", description.Version.Text);
        Field(yaml, "namespace", description.Namespace);
        Field(yaml, "title", description.Title);
        Field(yaml, "description", description.Description);
        Field(yaml, "licence", description.Licence);
        Field(yaml, "homepage", description.Homepage);
        Field(yaml, "developer", description.Developer);
        Field(yaml, "developer-key", description.DeveloperKey);
        Field(yaml, "remote", description.Remote);
        List(yaml, "deps", description.Dependencies.Select(d => d.ToString()));
        Mapping(yaml, "requires", description.Requires.Select(r => KeyValuePair.Create(r.Key.Text, r.Value)));
        List(yaml, "categories", description.Categories);
        List(yaml, "provides", description.Provides);
        Mapping(yaml, "commands", description.Commands);
        List(yaml, "config", description.Config);
        List(yaml, "ebpf", description.Ebpf);
        Units(yaml, description);
        return Encoding.UTF8.GetBytes(yaml.ToString());
    }

    static void Field(StringBuilder yaml, string name, string? value)
    {
        if (value is not null)
        {
            yaml.Append(name).Append(": ").Append(Scalar(value)).Append('\n');
        }
    }

    static void List(StringBuilder yaml, string name, IEnumerable<string> items)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            yaml.Append(isFirst ? name + ":\n" : "").Append("  - ").Append(Scalar(item)).Append('\n');
            isFirst = false;
        }
    }

    static void Mapping(StringBuilder yaml, string name, IEnumerable<KeyValuePair<string, string>> entries)
    {
        var isFirst = true;
        foreach (var (key, value) in entries)
        {
            yaml.Append(isFirst ? name + ":\n" : "").Append("  ").Append(Scalar(key)).Append(": ").Append(Scalar(value)).Append('\n');
            isFirst = false;
        }
    }

    static void Units(StringBuilder yaml, PackageDescription description)
    {
        if (description.Units.IsEmpty)
        {
            return;
        }

        yaml.Append("units:\n");
        foreach (var (name, settings) in description.Units)
        {
            yaml.Append("  ").Append(Scalar(name)).Append(":\n");
            foreach (var (key, value) in settings)
            {
                yaml.Append("    ").Append(Scalar(key)).Append(": ").Append(Scalar(value)).Append('\n');
            }
        }
    }

    /// <summary>Plain where every YAML reader takes it for the same text, else in double quotes.</summary>
    static string Scalar(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Begins with a letter that begins no number, date or truth value of YAML 1.1, and holds no indicator.</summary>
    static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '/')
        && !text.EndsWith(' ')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '_' or '/' or '@' or '+' or '-' or '(' or ')' or ',' or '\'')
        && text.ToLowerInvariant() is not ("y" or "n" or "yes" or "no" or "on" or "off" or "true" or "false" or "null");
}
