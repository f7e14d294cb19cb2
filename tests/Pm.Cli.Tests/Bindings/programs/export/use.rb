require "ebpm-opens"

begin
  run = EbpmOpens.open_and_run("--pid", Process.pid)
  puts "attached #{run.programs.join(" ")}"
  begin
    File.open(ARGV[0])
  rescue Errno::ENOENT
    nil
  end
  puts "event #{run.any? { |event| event["name"] == ARGV[0] } ? "True" : "False"}"
  run.stop
rescue EbpmOpens::Ebpm::Error => e
  puts "refused #{e.code}"
end
