# The whole program in Russian, in a real terminal where only C.UTF-8 is there: keys, prompts, tabs, overlays, messages,
# the way out; and a lesson.
. "$SRCDIR/term/term.sh"
start_target

run 80 24 "$PAGESCAPE" --lang ru -p "$target"
see "F1 справка .*space пауза .*q выход"
see "ОБЛАСТИ +по адресу"
see "на месте|RSS"
see "АДРЕС +0x"
see "ДАЛЬШЕ +чтение"
keys o
see "порядок: по размеру"
see "по размеру"
keys g
see "перейти к:"
keys -l "stack+0x1000"
keys Enter
see "АДРЕС .*\[stack\]"
keys / ; keys -l "нет такого"; keys Enter
see "не найдено: нет такого"
keys '\' ; keys -l libc
see "показать только: libc"
keys Enter
keys Escape
for tab in 2:смещению 3:present 7:области "8:Что на месте"; do
	keys "${tab%%:*}"
	see "${tab#*:}"
done
keys 1
keys l
see "Одна страница"
see "reserved +обещана"
keys Escape
unsee "Одна страница"
keys F1
see "Двигаться"
see "Esc: закрыть"
keys q
unsee "Двигаться"
keys : ; keys -l "no-such"; keys Enter
see "нет такой команды: no-such"
keys m
see "отмечено на"
keys q
ended 0

run 120 36 LANGUAGE=ru "$PAGESCAPE" sh -c "'w=во; echo гото\$w; exec sleep 1000'"
see "КТО +.*отказ|КТО +замечена|ПОЧЕМУ"
keys 5
see "готово"
keys Space
see "‖ пауза"
see "space дальше"
keys Space
see "space пауза"
keys q
see "ещё работает"
see "остаться"
keys e
ended 0
echo "ok: a watch"

# without -p: the list
run 100 30 LC_ALL=ru_RU.UTF-8 "$PAGESCAPE"
see "выберите, что наблюдать"
see "PID +ХОЗЯИН +НА МЕСТЕ +ПРИРОСТ +ВИРТ +ВИДНО +КОМАНДА"
keys /
keys -l "нет такого процесса"
see "ничего не найдено"
keys Escape
unsee "ничего не найдено"
keys Escape
ended 0
echo "ok: the list"

run 100 30 "$PAGESCAPE" lesson --lang ru promise
see "вживую"
see "Обещано"
keys NPage
see "Enter ответ +PgDn пропустить"
keys 0 ; keys Enter
keys Enter
see "PgDn дальше"
see "весь процесс: minor"
keys '?'
see "Вопрос: наберите число"
keys Escape
unsee "Вопрос: наберите число"
keys q
see "Ещё раз q кончит урок"
keys q
ended 0
echo "ok: a lesson"
