namespace Pm.Cli.Completion;

/// <summary>The scripts that ask <c>pm __complete</c>: a line a proposal, a TAB before its description, <c>:files</c> for file names.</summary>
static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script for <paramref name="shell"/>, or null when there is none.</summary>
    public static string? For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => null,
    };

    const string Bash = """
        # bash completion for pm
        _pm() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                if [ "$line" = ":files" ]; then
                    compopt -o filenames 2>/dev/null
                    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
                else
                    COMPREPLY+=("${line%%$'\t'*}")
                fi
            done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -F _pm pm
        """;

    const string Zsh = """
        #compdef pm
        # zsh completion for pm
        _pm() {
            local -a names
            local line files
            while IFS= read -r line; do
                if [[ "$line" == ":files" ]]; then
                    files=1
                else
                    names+=("${${line//:/\\:}/$'\t'/:}")
                fi
            done < <("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
            (( ${#names} )) && _describe 'pm' names
            [[ -n "$files" ]] && _files
        }
        if [ "$funcstack[1]" = "_pm" ]; then _pm "$@"; else compdef _pm pm; fi
        """;

    const string Fish = """
        # fish completion for pm
        function __pm_complete
            set -l words (commandline -opc) (commandline -ct)
            for line in (command $words[1] __complete $words[2..-1] 2>/dev/null)
                if test "$line" = ":files"
                    __fish_complete_path (commandline -ct)
                else
                    echo $line
                end
            end
        end
        complete -c pm -f -a '(__pm_complete)'
        """;
}
