using System.Text;
using System.Text.RegularExpressions;

namespace Pm.Cli.Export;

/// <summary>A Ruby gem. The binding stands within its module: two gems of different age do not meet.</summary>
static partial class GemExport
{
    public static IReadOnlyList<ExportFile> Files(ExportSource source, string version) =>
    [
        ExportFile.Of("README.md", source.Readme(
            "ruby", $"lib/{source.PackageFile}",
            $$"""
            require "{{source.Name}}"

            run = {{ModuleOf(source)}}.open_and_run
            run.each { |event| p event }
            run.stop
            """,
            $$"""
            run = {{ModuleOf(source)}}.open_and_run("--pid", "42", duration: "1m")
            run.each { |event| p event }
            """)),
        ExportFile.Of($"{source.Name}.gemspec", Specification(source, version)),
        ExportFile.Of($"lib/{source.Name}.rb", Code(source)),
        ExportFile.Package($"lib/{source.PackageFile}"),
    ];

    /// <summary>The gem is built beside the directory, which stays as it was written: so the next export replaces it.</summary>
    public static string Use(ExportSource source, string directory)
    {
        var gem = $"../{source.Name}-{ExportVersion.Ruby(source.Id.Version)}.gem";
        return $"cd {directory} && gem build {source.Name}.gemspec -o {gem} && gem install --local {gem}";
    }

    /// <summary><c>EbpmOpensnoop</c></summary>
    static string ModuleOf(ExportSource source) => string.Concat(source.Word.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    static string Code(ExportSource source)
    {
        const string magic = "# frozen_string_literal: true\n";
        var binding = Binding.Ruby.StartsWith(magic, StringComparison.Ordinal) ? Binding.Ruby[magic.Length..] : Binding.Ruby;
        var inner = string.Join('\n', binding.TrimStart('\n').TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? line : "  " + line));
        return $$"""
            {{magic}}
            # Runs {{source.Id}} through pm. Made by `pm export`.
            module {{ModuleOf(source)}}
              FILE = File.expand_path("{{source.PackageFile}}", __dir__)

              # Runs it; returns when it is attached. Options are those of `run` of `pm rpc`: duration: "5s".
              def self.open_and_run(*arguments, **options)
                Ebpm.open_and_run(FILE, *arguments, **{ {{(source.IsUnsigned ? "allowUnsigned: true, " : "")}}**options })
              end

            {{inner}}
            end

            """.ReplaceLineEndings("\n");
    }

    static string Specification(ExportSource source, string version)
    {
        var text = new StringBuilder("# frozen_string_literal: true\n\nGem::Specification.new do |gem|\n");
        Add("name", source.Name);
        Add("version", version);
        Add("summary", source.Summary);
        text.Append($"  gem.authors = [{Quoted("pm export")}]\n");
        if (source.Licence is { } licence)
        {
            text.Append(SeveralOf(licence) is { } several ? $"  gem.licenses = [{string.Join(", ", several.Select(Quoted))}]\n" : $"  gem.license = {Quoted(licence)}\n");
        }

        text.Append($"  gem.required_ruby_version = \">= 2.7\"\n  gem.files = [{Quoted($"lib/{source.Name}.rb")}, {Quoted($"lib/{source.PackageFile}")}, \"README.md\"]\nend\n");
        return text.ToString();

        void Add(string name, string value) => text.Append($"  gem.{name} = {Quoted(value)}\n");
    }

    /// <summary>The licences one of which may be chosen: RubyGems wants them one by one and has no word for other expressions; null: it is one, or another expression. Source: SPDX 2.3, annex D.</summary>
    static string[]? SeveralOf(string licence) => licence.Split(" OR ") is { Length: > 1 } all && all.All(id => SimpleId().IsMatch(id)) ? all : null;

    [GeneratedRegex(@"\A[A-Za-z0-9.-]+\+?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SimpleId();

    /// <summary>Between single quotes only these two mean something.</summary>
    static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
